<?xml version="1.0" encoding="UTF-8"?>
<!-- The id of the one person whom the target found. -->
<xsl:stylesheet version="3.0"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:param name="identifier" as="xs:string" required="yes"/>
  <!-- ISO 8601. -->
  <xsl:param name="birthDate" as="xs:string" required="yes"/>

  <xsl:template match="/">
    <xsl:if test="empty(people)">
      <xsl:message terminate="yes" error-code="sis_answer_unreadable">the answer has no list of people</xsl:message>
    </xsl:if>
    <!-- A search may find more than was asked for: only whoever has exactly this number is the learner. -->
    <xsl:variable name="people" select="people/person[@number = $identifier]"/>
    <xsl:choose>
      <xsl:when test="count($people) gt 1">
        <xsl:message terminate="yes" error-code="target_person_unknown">several people have this number</xsl:message>
      </xsl:when>
      <xsl:when test="empty($people)">
        <xsl:message terminate="yes" error-code="target_person_unknown">nobody has this number</xsl:message>
      </xsl:when>
      <xsl:when test="not($people/@born = $birthDate)">
        <xsl:message terminate="yes" error-code="target_person_unknown">whoever has this number was born on another day</xsl:message>
      </xsl:when>
      <xsl:otherwise>
        <xsl:value-of select="$people/@id"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

</xsl:stylesheet>
