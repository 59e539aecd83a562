"""What officers do with plans: on the pages of the desk, from a link in a mail, and in their chat."""
