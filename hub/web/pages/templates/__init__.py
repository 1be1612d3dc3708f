"""Templates: what messages say; the list, the gallery, the editor, versions."""
