<?xml version="1.0" encoding="UTF-8"?>
<!--
  Which questions to ESSE3 follow from its answers so far, in three rounds: the learner's career segments, the rows of each,
  and the language of every passed row.
-->
<xsl:stylesheet version="3.0"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="round" as="xs:string" required="yes"/>
  <xsl:param name="base" as="xs:string" required="yes"/>
  <xsl:param name="identifierType" as="xs:string" required="yes"/>
  <xsl:param name="identifier" as="xs:string" required="yes"/>
  <xsl:param name="teachingLanguages" as="xs:string" required="yes"/>

  <xsl:variable name="libretti" as="xs:string" select="$base || '/libretto-service-v2/libretti'"/>
  <xsl:variable name="by-code" as="xs:boolean" select="$identifierType = 'nationalIdentifier'"/>
  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key='answers']/j:map"/>

  <xsl:template match="/">
    <questions>
      <xsl:choose>
        <xsl:when test="$round = 'careers'">
          <question name="libretti" url="{$libretti}?{if ($by-code) then 'codFis' else 'matricola'}={encode-for-uri($identifier)}"/>
        </xsl:when>
        <xsl:when test="$round = 'rows'">
          <xsl:call-template name="rows"/>
        </xsl:when>
        <xsl:when test="$teachingLanguages = 'true'">
          <xsl:call-template name="languages"/>
        </xsl:when>
      </xsl:choose>
    </questions>
  </xsl:template>

  <!-- A matricola need not be unique, and a server may search more broadly than asked. -->
  <xsl:template name="rows">
    <xsl:variable name="careers" select="$answers[j:string[@key='question'] = 'libretti']/j:array[@key='answer']/j:map
        [j:string[@key = (if ($by-code) then 'codiceFiscale' else 'matricola')] ! upper-case(normalize-space()) = upper-case($identifier)]"/>
    <xsl:if test="empty($careers)">
      <xsl:message terminate="yes" error-code="learner_not_found">no career segment has this identifier</xsl:message>
    </xsl:if>
    <xsl:if test="count(distinct-values($careers/(j:number | j:string)[@key='persId']/string())) gt 1">
      <xsl:message terminate="yes" error-code="register_fault">several persons have this identifier</xsl:message>
    </xsl:if>
    <xsl:for-each select="distinct-values($careers/j:number[@key='matId']/string())">
      <question name="righe" about="{.}" url="{$libretti}/{encode-for-uri(.)}/righe/?optionalFields=ALL"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="languages">
    <xsl:for-each select="$answers[j:string[@key='question'] = 'righe']/j:array[@key='answer']/j:map
        [(j:string[@key='stato'], j:map[@key='stato']/j:string[@key='value']) = 'S']">
      <question name="partizioni" about="{j:number[@key='adsceId']}"
          url="{$libretti}/{encode-for-uri(j:number[@key='matId'])}/righe/{encode-for-uri(j:number[@key='adsceId'])}/partizioni"/>
    </xsl:for-each>
  </xsl:template>

</xsl:stylesheet>
