"""The demo council: Northbrook, invented throughout and marked so. Seeded through the real verbs."""
