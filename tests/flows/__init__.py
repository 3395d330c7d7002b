"""What holds between services, on the platform as a whole."""
