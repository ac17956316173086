"""The web interface, as `python app.py` and as a Hugging Face Space starts it; the same as `advisor serve`."""

import sys

from advisor.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
