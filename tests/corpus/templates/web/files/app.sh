#!/bin/sh
# Writes the settings of the application and starts it.
cat >/etc/app.conf <<END
database = @DATABASE@
workers = @WORKERS@
END
systemctl restart app
