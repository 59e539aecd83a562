"""The officers' desk as pages: routes, forms, cookies, and nothing that decides."""
