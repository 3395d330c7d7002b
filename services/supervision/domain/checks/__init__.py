"""One function per kind of rule: values in, firings out."""
