<?xml version="1.0" encoding="UTF-8"?>
<!--
  Reads VIRTA's answer to OpiskelijanKaikkiTiedot: the response inside hub:answers, or a code that says why there is
  none. The text of a fault may repeat the learner, so it goes nowhere.
-->
<xsl:stylesheet version="3.0"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:luku="http://tietovaranto.csc.fi/luku"
    xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:virta="urn:mace:funet.fi:virta/2015/09/01"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="luku soap virta">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <!-- INFERRED: no public document says how VIRTA words a refused key. -->
  <xsl:variable name="credentials" select="'avain|kutsuja|käyttöoikeu|credential|password|authenti|authori[sz]|access denied'"/>

  <xsl:template match="/">
    <xsl:apply-templates select="*"/>
  </xsl:template>

  <xsl:template match="soap:Envelope">
    <xsl:variable name="content" select="soap:Body/(soap:Fault | luku:OpiskelijanKaikkiTiedotResponse)"/>
    <xsl:if test="empty($content)">
      <xsl:message terminate="yes" error-code="answer_unreadable">the envelope holds neither response nor fault</xsl:message>
    </xsl:if>
    <xsl:apply-templates select="$content[1]"/>
  </xsl:template>

  <xsl:template match="soap:Fault">
    <xsl:if test="matches(string-join((faultcode, faultstring), ' '), $credentials, 'i')">
      <xsl:message terminate="yes" error-code="register_credentials_refused">VIRTA refused the hub's credentials</xsl:message>
    </xsl:if>
    <xsl:message terminate="yes" error-code="register_fault">VIRTA answered with a SOAP fault</xsl:message>
  </xsl:template>

  <xsl:template match="luku:OpiskelijanKaikkiTiedotResponse[empty(virta:Virta)]" priority="2">
    <xsl:message terminate="yes" error-code="answer_unreadable">the response holds no Virta</xsl:message>
  </xsl:template>

  <xsl:template match="luku:OpiskelijanKaikkiTiedotResponse[empty(virta:Virta/virta:Opiskelija)]" priority="1">
    <xsl:message terminate="yes" error-code="learner_not_found">VIRTA answered without any Opiskelija</xsl:message>
  </xsl:template>

  <xsl:template match="luku:OpiskelijanKaikkiTiedotResponse">
    <hub:answers>
      <xsl:copy-of select="." copy-namespaces="no"/>
    </hub:answers>
  </xsl:template>

  <xsl:template match="*">
    <xsl:message terminate="yes" error-code="answer_unreadable">the answer is no SOAP envelope</xsl:message>
  </xsl:template>

</xsl:stylesheet>
