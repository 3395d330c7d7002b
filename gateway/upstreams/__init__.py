"""The services behind the gateway, reached in process or over HTTP."""
