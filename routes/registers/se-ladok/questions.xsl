<?xml version="1.0" encoding="UTF-8"?>
<!-- Which questions to Ladok follow from its answers so far. -->
<xsl:stylesheet version="3.0"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="round" as="xs:string" required="yes"/>
  <xsl:param name="base" as="xs:string" required="yes"/>
  <xsl:param name="scalesPath" as="xs:string" required="yes"/>
  <xsl:param name="orderBy" as="xs:string" select="''"/>
  <xsl:param name="identifierType" as="xs:string" required="yes"/>
  <xsl:param name="identifier" as="xs:string" required="yes"/>

  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key = 'answers']/j:map"/>
  <xsl:variable name="student" as="element(j:map)?" select="$answers[j:string[@key = 'question'] = 'student']"/>

  <xsl:template match="/">
    <questions>
      <xsl:choose>
        <xsl:when test="$round = 'student'">
          <xsl:variable name="by" select="if ($identifierType = 'nationalIdentifier') then 'personnummer' else 'externtuuid'"/>
          <question name="student" url="{$base}/studentinformation/student/{$by}/{encode-for-uri($identifier)}"/>
        </xsl:when>
        <xsl:when test="$round = 'results'">
          <xsl:call-template name="results"/>
        </xsl:when>
        <xsl:otherwise>
          <question name="scales" url="{$base}/{$scalesPath}"/>
        </xsl:otherwise>
      </xsl:choose>
    </questions>
  </xsl:template>

  <xsl:template name="results">
    <xsl:if test="$student/j:number[@key = 'status'] = 404">
      <xsl:message terminate="yes" error-code="learner_not_found">Ladok knows no student of this identifier</xsl:message>
    </xsl:if>
    <xsl:variable name="uid" select="$student/j:map[@key = 'answer']/j:string[@key = 'Uid'][. ne '']"/>
    <xsl:if test="empty($uid)">
      <xsl:message terminate="yes" error-code="answer_unreadable">the student has no Uid</xsl:message>
    </xsl:if>
    <xsl:variable name="order" select="if ($orderBy = '') then '' else '?orderby=' || encode-for-uri($orderBy)"/>
    <question name="results" url="{$base}/resultat/studieresultat/resultat/student/{encode-for-uri($uid)}{$order}"/>
  </xsl:template>

</xsl:stylesheet>
