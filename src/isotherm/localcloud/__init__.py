"""An OpenStack-speaking cloud over HTTP, built in and on its own."""
