<?xml version="1.0" encoding="UTF-8"?>
<!-- Bench register, XML, to ELMO 1.7. As many templates as a small register needs. Owner: the benchmark. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:f="urn:emrexhub:functions:1"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">
  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:variable name="tables" select="doc('code-tables.xml')"/>

  <xsl:template match="/">
    <hub:result>
      <xsl:apply-templates mode="learner" select="student"/>
      <report>
        <issuer>
          <country>FI</country>
          <identifier type="schac">bench.example</identifier>
          <title xml:lang="en">University of Measurements</title>
          <url>https://bench.example</url>
        </issuer>
        <xsl:apply-templates mode="los" select="student/course"/>
        <issueDate>2026-01-01T00:00:00Z</issueDate>
        <gradingScheme localId="0-5">
          <description xml:lang="en">0-5, where 1 is the lowest pass and 5 the best grade</description>
        </gradingScheme>
      </report>
      <xsl:apply-templates mode="account" select="student/course"/>
    </hub:result>
  </xsl:template>

  <xsl:template mode="learner" match="student">
    <hub:learner>
      <hub:identifier type="studentNumber">{@number}</hub:identifier>
      <hub:givenNames>{@given}</hub:givenNames>
      <hub:familyName>{@family}</hub:familyName>
      <hub:bday>{@born}</hub:bday>
    </hub:learner>
  </xsl:template>

  <xsl:template mode="los" match="course">
    <learningOpportunitySpecification>
      <identifier type="local">{@code}</identifier>
      <xsl:apply-templates mode="los" select="title"/>
      <type>Course</type>
      <iscedCode>0612</iscedCode>
      <xsl:for-each select="description">
        <description xml:lang="en">{.}</description>
      </xsl:for-each>
      <specifies>
        <xsl:apply-templates mode="loi" select="."/>
      </specifies>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template mode="los" match="title">
    <title xml:lang="{f:language(@language)}">{.}</title>
  </xsl:template>

  <xsl:template mode="loi" match="course">
    <xsl:variable name="grade" select="f:row($tables, 'grades', @grade)"/>
    <learningOpportunityInstance>
      <identifier type="local">{@id}</identifier>
      <date>{@date}</date>
      <status>{$grade/@status}</status>
      <gradingSchemeLocalId>0-5</gradingSchemeLocalId>
      <resultLabel>{$grade/@label}</resultLabel>
      <credit>
        <scheme>ects</scheme>
        <value>{f:decimal(@points)}</value>
      </credit>
      <level>
        <type>EQF</type>
        <value>6</value>
      </level>
      <languageOfInstruction>{f:language(@language)}</languageOfInstruction>
    </learningOpportunityInstance>
  </xsl:template>

  <xsl:template mode="account" match="course">
    <hub:mapped ref="{@id}"/>
  </xsl:template>
</xsl:stylesheet>
