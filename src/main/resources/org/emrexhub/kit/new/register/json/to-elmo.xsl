<?xml version="1.0" encoding="UTF-8"?>
<!-- The register's JSON, in its XML form, to ELMO 1.7. Owner: the registrar. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
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
    <xsl:variable name="records" select="#records"/>
    <!-- Every record is looked up, so that an unknown state stops the mapping instead of dropping a record. -->
    <xsl:variable name="skipped" select="$records[f:row($tables, 'states', j:string[@key='state'])/@skip]"/>
    <xsl:if test="empty($records except $skipped)">
      <xsl:message terminate="yes" error-code="nothing_to_transfer">no record is completed</xsl:message>
    </xsl:if>
    <hub:result>
      <xsl:apply-templates select="#learner" mode="learner"/>
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
        <hub:mapped ref="{j:string[@key='credit_id']}"/>
      </xsl:for-each>
      <xsl:for-each select="$skipped">
        <hub:skipped ref="{j:string[@key='credit_id']}" rule="{f:row($tables, 'states', j:string[@key='state'])/@skip}"/>
      </xsl:for-each>
    </hub:result>
  </xsl:template>

  <xsl:template match="j:map" mode="learner">
    <hub:learner>
      <hub:identifier type="studentNumber">{j:string[@key='student_no']}</hub:identifier>
      <hub:givenNames>{j:string[@key='given_names']}</hub:givenNames>
      <hub:familyName>{j:string[@key='family_name']}</hub:familyName>
      <hub:bday>{j:string[@key='birth_date']}</hub:bday>
    </hub:learner>
  </xsl:template>

  <xsl:template match="j:map" mode="los">
    <learningOpportunitySpecification>
      <identifier type="local">{j:string[@key='course_code']}</identifier>
      <title xml:lang="en">{j:string[@key='course_title']}</title>
      <type>Course</type>
      <specifies>
        <learningOpportunityInstance>
          <identifier type="local">{j:string[@key='credit_id']}</identifier>
          <date>{j:string[@key='credit_date']}</date>
          <status>passed</status>
          <resultLabel>{f:row($tables, 'grades', j:string[@key='grade'])/@label}</resultLabel>
          <credit>
            <scheme>ects</scheme>
            <value>{f:decimal(j:*[@key='ects'])}</value>
          </credit>
        </learningOpportunityInstance>
      </specifies>
    </learningOpportunitySpecification>
  </xsl:template>
</xsl:stylesheet>
