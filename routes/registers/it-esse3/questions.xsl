<?xml version="1.0" encoding="UTF-8"?>
<!--
  Which questions to ESSE3 follow from its answers so far, in three rounds: the learner's career segments, the rows of each,
  and the language of every passed row.
-->
<xsl:stylesheet version="3.0"
    xmlns:f="urn:emrexhub:routes:it-esse3"
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
    <!-- ESSE3 tells an error also with 200: {"retCode": -1}. That is no empty list. -->
    <xsl:if test="exists($answers[empty(j:number[@key='status'])][empty(j:array[@key='answer'])])">
      <xsl:message terminate="yes" error-code="answer_unreadable">an answer is no list</xsl:message>
    </xsl:if>
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
        [upper-case(f:text(., if ($by-code) then 'codiceFiscale' else 'matricola')) = upper-case($identifier)]"/>
    <xsl:if test="empty($careers)">
      <xsl:message terminate="yes" error-code="learner_not_found">no career segment has this identifier</xsl:message>
    </xsl:if>
    <xsl:if test="count(distinct-values($careers ! f:text(., 'persId'))) gt 1">
      <xsl:message terminate="yes" error-code="register_fault">several persons have this identifier</xsl:message>
    </xsl:if>
    <xsl:for-each select="distinct-values($careers ! f:id(., 'matId'))">
      <question name="righe" about="{.}" url="{$libretti}/{encode-for-uri(.)}/righe/?optionalFields=ALL"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="languages">
    <xsl:for-each select="$answers[j:string[@key='question'] = 'righe']/j:array[@key='answer']/j:map
        [(j:string[@key='stato'], j:map[@key='stato']/j:string[@key='value']) = 'S']">
      <question name="partizioni" about="{f:id(., 'adsceId')}"
          url="{$libretti}/{encode-for-uri(f:id(., 'matId'))}/righe/{encode-for-uri(f:id(., 'adsceId'))}/partizioni"/>
    </xsl:for-each>
  </xsl:template>

  <!-- ESSE3's own ids are numbers; some releases write them as texts. -->
  <xsl:function name="f:text" as="xs:string?">
    <xsl:param name="thing" as="element(j:map)"/>
    <xsl:param name="key" as="xs:string"/>
    <xsl:sequence select="$thing/(j:number | j:string)[@key = $key] ! normalize-space()[. ne '']"/>
  </xsl:function>

  <xsl:function name="f:id" as="xs:string">
    <xsl:param name="thing" as="element(j:map)"/>
    <xsl:param name="key" as="xs:string"/>
    <xsl:variable name="id" select="f:text($thing, $key)"/>
    <xsl:if test="empty($id)">
      <xsl:message terminate="yes" error-code="answer_unreadable">a matId or adsceId is not given</xsl:message>
    </xsl:if>
    <xsl:sequence select="$id"/>
  </xsl:function>

</xsl:stylesheet>
