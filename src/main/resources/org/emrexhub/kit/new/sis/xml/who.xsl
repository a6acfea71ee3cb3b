<?xml version="1.0" encoding="UTF-8"?>
<!-- The question who the learner is. -->
<xsl:stylesheet version="3.0"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:param name="identifier" as="xs:string" required="yes"/>

  <xsl:template match="/">
    <search><number><xsl:value-of select="$identifier"/></number></search>
  </xsl:template>

</xsl:stylesheet>
