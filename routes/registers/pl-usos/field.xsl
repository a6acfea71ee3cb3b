<?xml version="1.0" encoding="UTF-8"?>
<!-- One field of a small JSON object. -->
<xsl:stylesheet version="3.0"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:param name="field" as="xs:string" required="yes"/>

  <xsl:template match="/">
    <xsl:variable name="value" select="/j:map/j:string[@key = $field][. ne '']"/>
    <xsl:if test="empty($value)">
      <xsl:message terminate="yes" error-code="answer_unreadable">the portal's answer holds no access token</xsl:message>
    </xsl:if>
    <xsl:value-of select="$value"/>
  </xsl:template>

</xsl:stylesheet>
