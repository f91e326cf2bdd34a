"""What ./portal does: makes .venv and the page assets, starts the servers, runs Django and stops it all.

Standard library only: it runs before anything is installed. Nothing of the product imports it.
"""
