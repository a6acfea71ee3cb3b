<?xml version="1.0" encoding="UTF-8"?>
<!-- The register's XML to ELMO 1.7. Owner: the registrar. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:x="urn:example:xx-example"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:f="urn:emrexhub:functions:1"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:param name="today" as="xs:string"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>

  <xsl:mode name="los" on-no-match="fail"/>

  <xsl:template match="/">
    <xsl:if test="empty(//x:learner)">
      <xsl:message terminate="yes" error-code="learner_not_found">the answer names no learner</xsl:message>
    </xsl:if>
    <xsl:variable name="records" select="//x:record"/>
    <!-- Every record is looked up, so that an unknown state stops the mapping instead of dropping a record. -->
    <xsl:variable name="skipped" select="$records[f:row($tables, 'states', x:state)/@skip]"/>
    <xsl:if test="empty($records except $skipped)">
      <xsl:message terminate="yes" error-code="nothing_to_transfer">no record is completed</xsl:message>
    </xsl:if>
    <hub:result>
      <xsl:apply-templates select="//x:learner" mode="learner"/>
      <report>
        <issuer>
          <country>FI</country>
          <identifier type="schac">example.org</identifier>
          <title xml:lang="en">Example University</title>
          <url>https://www.example.org</url>
        </issuer>
        <xsl:apply-templates select="$records except $skipped" mode="los"/>
        <issueDate>{$today}T00:00:00Z</issueDate>
      </report>
      <xsl:for-each select="$records except $skipped">
        <hub:mapped ref="{@id}"/>
      </xsl:for-each>
      <xsl:for-each select="$skipped">
        <hub:skipped ref="{@id}" rule="{f:row($tables, 'states', x:state)/@skip}"/>
      </xsl:for-each>
    </hub:result>
  </xsl:template>

  <xsl:template match="x:learner" mode="learner">
    <hub:learner>
      <hub:identifier type="studentNumber">{x:studentNo}</hub:identifier>
      <hub:givenNames>{x:givenNames}</hub:givenNames>
      <hub:familyName>{x:familyName}</hub:familyName>
      <hub:bday>{x:birthDate}</hub:bday>
    </hub:learner>
  </xsl:template>

  <xsl:template match="x:record" mode="los">
    <learningOpportunitySpecification>
      <identifier type="local">{x:courseCode}</identifier>
      <title xml:lang="en">{x:courseTitle}</title>
      <type>Course</type>
      <specifies>
        <learningOpportunityInstance>
          <identifier type="local">{@id}</identifier>
          <date>{x:creditDate}</date>
          <status>passed</status>
          <resultLabel>{f:row($tables, 'grades', x:grade)/@label}</resultLabel>
          <credit>
            <scheme>ects</scheme>
            <value>{f:decimal(x:ects)}</value>
          </credit>
        </learningOpportunityInstance>
      </specifies>
    </learningOpportunitySpecification>
  </xsl:template>
</xsl:stylesheet>
