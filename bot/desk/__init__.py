"""What a signed-in officer sees and does; pages are drawn by channels.desk."""
