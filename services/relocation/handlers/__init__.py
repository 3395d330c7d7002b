"""One function per command, for one item or a thousand in the same few statements."""
