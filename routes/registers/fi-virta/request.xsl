<?xml version="1.0" encoding="UTF-8"?>
<!--
  Writes one question to VIRTA. What a learner or a setting says becomes text of an element, never markup.
-->
<xsl:stylesheet version="3.0"
    xmlns="http://tietovaranto.csc.fi/luku"
    xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="xs"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="operation" as="xs:string" required="yes"/>
  <xsl:param name="identifierType" as="xs:string" required="yes"/>
  <xsl:param name="identifier" as="xs:string" required="yes"/>
  <xsl:param name="organisation" as="xs:string" required="yes"/>
  <xsl:param name="system" as="xs:string" required="yes"/>
  <xsl:param name="user" as="xs:string" required="yes"/>
  <xsl:param name="key" as="xs:string" required="yes"/>

  <xsl:variable name="criteria" as="map(xs:string, xs:string)"
      select="map { 'nationalIdentifier': 'henkilotunnus', 'nationalLearnerId': 'kansallinenOppijanumero' }"/>

  <xsl:template match="/">
    <xsl:if test="empty($criteria($identifierType))">
      <xsl:message terminate="yes" error-code="mapping_failed">VIRTA has no criterion for this type of identifier</xsl:message>
    </xsl:if>
    <soap:Envelope>
      <soap:Body>
        <xsl:element name="{$operation}Request">
          <Kutsuja>
            <jarjestelma>{$system}</jarjestelma>
            <tunnus>{$user}</tunnus>
            <avain>{$key}</avain>
          </Kutsuja>
          <Hakuehdot>
            <xsl:element name="{$criteria($identifierType)}">{$identifier}</xsl:element>
            <xsl:if test="$organisation">
              <organisaatio>{$organisation}</organisaatio>
            </xsl:if>
          </Hakuehdot>
        </xsl:element>
      </soap:Body>
    </soap:Envelope>
  </xsl:template>

</xsl:stylesheet>
