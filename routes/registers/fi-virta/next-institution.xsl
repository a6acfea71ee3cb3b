<?xml version="1.0" encoding="UTF-8"?>
<!--
  Names the institution to ask next for the learner's names: each Myontaja once, those of attainments first. None is
  left when the names are known or the time is up.
-->
<xsl:stylesheet version="3.0"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:virta="urn:mace:funet.fi:virta/2015/09/01"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:param name="timeLeft" as="xs:integer" required="yes"/>

  <xsl:template match="/">
    <xsl:variable name="named" select="//virta:Opiskelija[normalize-space(virta:Sukunimi) and normalize-space(virta:Etunimet)]"/>
    <xsl:variable name="asked" select="/hub:answers/hub:names/@organisation/string()"/>
    <!-- UK and UM stand for institutions abroad, which VIRTA cannot ask. -->
    <xsl:variable name="institutions" select="distinct-values((//virta:Opintosuoritus, //virta:Opiskeluoikeus)
        ! virta:Myontaja ! normalize-space())[matches(., '^[0-9]{5}$')]"/>
    <xsl:if test="empty($named) and $timeLeft gt 0">
      <xsl:value-of select="$institutions[not(. = $asked)][1]"/>
    </xsl:if>
  </xsl:template>

</xsl:stylesheet>
