"""What is asked and what is answered over HTTP."""
