<?xml version="1.0" encoding="UTF-8"?>
<!-- The rows of an institution's view emrex_credit to ELMO 1.7. Owner: the hub; what an institution changes are the tables. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    exclude-result-prefixes="#all">

  <xsl:import href="../../elmo/credit-rows.xsl"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>
</xsl:stylesheet>
