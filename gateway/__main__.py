"""`python -m gateway`."""

from gateway.run import main

if __name__ == "__main__":
    main()
