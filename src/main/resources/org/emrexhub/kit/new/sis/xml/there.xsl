<?xml version="1.0" encoding="UTF-8"?>
<!-- Those of the items that the target says it has. -->
<xsl:stylesheet version="3.0"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:output method="json"/>

  <!-- What was asked for: [{"ref", "creditKey", "version", "targetId"}]. -->
  <xsl:param name="items" as="xs:string" required="yes"/>

  <xsl:template match="/">
    <xsl:if test="empty(found)">
      <xsl:message terminate="yes" error-code="sis_answer_unreadable">the answer has no list of what is there</xsl:message>
    </xsl:if>
    <xsl:variable name="ids" select="found/id/string()"/>
    <xsl:sequence select="map { 'items': array {
        parse-json($items)?*[?targetId = $ids] ! map { 'ref': ?ref, 'targetId': ?targetId } } }"/>
  </xsl:template>

</xsl:stylesheet>
