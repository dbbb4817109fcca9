"""The rest of the site: home, legal pages, errors, health, a deployment's own name and looks."""
