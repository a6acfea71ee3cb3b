<?xml version="1.0" encoding="UTF-8"?>
<!-- The question which credits are there. -->
<xsl:stylesheet version="3.0"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <!-- What it is about: [{"ref", "creditKey", "version", "targetId"}]. -->
  <xsl:param name="items" as="xs:string" required="yes"/>

  <xsl:template match="/">
    <search>
      <xsl:for-each select="parse-json($items)?*">
        <id><xsl:value-of select="?targetId"/></id>
      </xsl:for-each>
    </search>
  </xsl:template>

</xsl:stylesheet>
