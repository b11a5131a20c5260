"""The bank's directories of people: LDAP and OpenID Connect."""
