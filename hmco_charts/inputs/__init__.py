"""What paths name: files, folders, charts, kustomizations, and the text of a file."""
