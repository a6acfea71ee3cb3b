<?xml version="1.0" encoding="UTF-8"?>
<!-- Milliseconds left of those that the pull was allowed, 0 if none. -->
<xsl:stylesheet version="3.0"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:param name="startedAt" as="xs:string" required="yes"/>
  <xsl:param name="allowed" as="xs:integer" required="yes"/>

  <xsl:template match="/">
    <xsl:variable name="passed" select="(current-dateTime() - xs:dateTime($startedAt || 'Z')) div xs:dayTimeDuration('PT0.001S')"/>
    <xsl:value-of select="max((0, $allowed - xs:integer(round($passed))))"/>
  </xsl:template>

</xsl:stylesheet>
