"""One async function per command: load, decide, save, record."""
