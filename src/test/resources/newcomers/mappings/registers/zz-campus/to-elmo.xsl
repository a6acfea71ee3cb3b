<?xml version="1.0" encoding="UTF-8"?>
<!-- Campus, JSON, to ELMO 1.7. Owner: the test that adds it. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:f="urn:emrexhub:functions:1"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    xpath-default-namespace="http://www.w3.org/2005/xpath-functions"
    expand-text="yes"
    exclude-result-prefixes="#all">
  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:param name="issuer-title"/>
  <xsl:variable name="tables" select="doc('code-tables.xml')"/>

  <xsl:template match="/">
    <xsl:variable name="credits" select="map/array[@key = 'credits']/map"/>
    <hub:result>
      <hub:learner>
        <hub:identifier type="studentNumber">{map/string[@key = 'number']}</hub:identifier>
        <hub:givenNames>{map/string[@key = 'given']}</hub:givenNames>
        <hub:familyName>{map/string[@key = 'family']}</hub:familyName>
        <hub:bday>{map/string[@key = 'born']}</hub:bday>
      </hub:learner>
      <report>
        <issuer>
          <country>FI</country>
          <identifier type="schac">campus.example</identifier>
          <title xml:lang="en">{$issuer-title}</title>
          <url>https://campus.example</url>
        </issuer>
        <xsl:apply-templates select="$credits[string[@key = 'grade'] != 'W']" mode="learningOpportunitySpecification"/>
        <issueDate>2026-01-01T00:00:00Z</issueDate>
        <gradingScheme localId="letters"><description xml:lang="en">A and B pass</description></gradingScheme>
      </report>
      <xsl:apply-templates select="$credits" mode="account"/>
    </hub:result>
  </xsl:template>

  <xsl:template match="map" mode="learningOpportunitySpecification">
    <xsl:variable name="grade" select="f:row($tables, 'grades', string[@key = 'grade'])"/>
    <learningOpportunitySpecification>
      <identifier type="local">{string[@key = 'code']}</identifier>
      <title xml:lang="en">{string[@key = 'name']}</title>
      <type>Course</type>
      <specifies>
        <learningOpportunityInstance>
          <identifier type="local">{string[@key = 'id']}</identifier>
          <date>{string[@key = 'date']}</date>
          <status>{$grade/@status}</status>
          <gradingSchemeLocalId>letters</gradingSchemeLocalId>
          <resultLabel>{$grade/@label}</resultLabel>
          <credit><scheme>ects</scheme><value>{f:decimal(string[@key = 'points'])}</value></credit>
        </learningOpportunityInstance>
      </specifies>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template match="map[string[@key = 'grade'] = 'W']" mode="account" priority="1">
    <hub:skipped ref="{string[@key = 'id']}" rule="withdrawn"/>
  </xsl:template>

  <xsl:template match="map" mode="account">
    <hub:mapped ref="{string[@key = 'id']}"/>
  </xsl:template>
</xsl:stylesheet>
