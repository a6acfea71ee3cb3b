<?xml version="1.0" encoding="UTF-8"?>
<!-- What the target says of each credit, in the hub's words. An item of which it says nothing is left out: UNKNOWN. -->
<xsl:stylesheet version="3.0"
    xmlns:map="http://www.w3.org/2005/xpath-functions/map"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:output method="json"/>

  <!-- What was sent: [{"ref", "creditKey", "version", "targetId"}]. -->
  <xsl:param name="items" as="xs:string" required="yes"/>

  <xsl:variable name="statuses" as="map(*)" select="map {
      'stored': 'ACCEPTED',
      'known': 'DUPLICATE',
      'refused': 'REJECTED',
      'busy': 'RETRY'
    }"/>

  <xsl:template match="/">
    <xsl:variable name="answer" select="/"/>
    <xsl:variable name="items" as="map(*)*">
      <xsl:for-each select="parse-json($items)?*">
        <xsl:variable name="item" select="."/>
        <xsl:for-each select="$answer/results/result[@id = $item?targetId]">
          <xsl:variable name="state" select="string(@state)"/>
          <xsl:if test="not(map:contains($statuses, $state))">
            <xsl:message terminate="yes" error-code="sis_answer_unreadable">a state that answer.xsl does not know</xsl:message>
          </xsl:if>
          <xsl:map>
            <xsl:map-entry key="'ref'" select="$item?ref"/>
            <xsl:map-entry key="'status'" select="$statuses($state)"/>
            <xsl:map-entry key="'targetId'" select="$item?targetId"/>
            <xsl:if test="$state = 'refused'">
              <xsl:map-entry key="'code'" select="string(@reason)"/>
            </xsl:if>
          </xsl:map>
        </xsl:for-each>
      </xsl:for-each>
    </xsl:variable>
    <xsl:sequence select="map { 'items': array { $items } }"/>
  </xsl:template>

</xsl:stylesheet>
