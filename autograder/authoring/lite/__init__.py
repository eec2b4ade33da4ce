"""The browser edition: the course as a folder of files for any web server, with Python running in the page.

JupyterLite shows the notebooks and Pyodide runs them; at run time nothing is fetched from anywhere else.
"""
