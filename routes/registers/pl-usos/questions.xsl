<?xml version="1.0" encoding="UTF-8"?>
<!--
  Which questions to USOS follow from its answers so far. Bars and brackets of a field list are percent-encoded, as the
  signature covers them.
-->
<xsl:stylesheet version="3.0"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:f="urn:emrexhub:routes:pl-usos"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="round" as="xs:string" required="yes"/>
  <xsl:param name="base" as="xs:string" required="yes"/>
  <xsl:param name="learnerParameter" as="xs:string" select="''"/>
  <xsl:param name="identifierType" as="xs:string" required="yes"/>
  <xsl:param name="identifier" as="xs:string" required="yes"/>

  <xsl:variable name="user-fields" select="'id|first_name|middle_names|last_name|sex|student_number|pesel|birth_date|citizenship'"/>
  <xsl:variable name="course-fields" select="'course_editions[course_id|course_name|term_id|user_groups]|terms'"/>
  <xsl:variable name="grade-fields" select="'value_symbol|passes|value_description|exam_id|exam_session_number|counts_into_average|grade_type_id|date_modified|date_acquisition|comment'"/>

  <!-- INFERRED: that an administrative consumer names the learner by a parameter of every method. -->
  <xsl:variable name="of-learner" select="
      if ($learnerParameter = '') then '' else '&amp;' || $learnerParameter || '=' || encode-for-uri($identifier)"/>

  <xsl:template match="/">
    <questions>
      <xsl:choose>
        <xsl:when test="$round = 'person'">
          <question name="user" url="{$base}/users/user?fields={encode-for-uri($user-fields)}{$of-learner}"/>
        </xsl:when>
        <xsl:when test="$round = 'courses'">
          <xsl:call-template name="check-person"/>
          <question name="courses"
              url="{$base}/courses/user?fields={encode-for-uri($course-fields)}&amp;active_terms_only=false{$of-learner}"/>
          <question name="credits" url="{$base}/courses/user_ects_points?format=json{$of-learner}"/>
        </xsl:when>
        <xsl:when test="$round = 'grades'">
          <xsl:call-template name="grades"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="types"/>
        </xsl:otherwise>
      </xsl:choose>
    </questions>
  </xsl:template>

  <!-- The owner of the token must be who was asked for: a token of somebody else would give somebody else's grades. -->
  <xsl:template name="check-person">
    <xsl:variable name="field" select="if ($identifierType = 'nationalIdentifier') then 'pesel' else 'student_number'"/>
    <xsl:if test="not(f:answers('user')/j:string[@key = $field] = $identifier)">
      <xsl:message terminate="yes" error-code="learner_mismatch">the owner of the access token is another person, or USOS does not tell the {$field}</xsl:message>
    </xsl:if>
  </xsl:template>

  <xsl:template name="grades">
    <xsl:variable name="editions" select="f:answers('courses')/j:map[@key = 'course_editions']/j:array/j:map"/>
    <xsl:variable name="terms" select="distinct-values($editions/../@key)"/>
    <xsl:if test="exists($terms)">
      <question name="grades"
          url="{$base}/grades/terms2?term_ids={encode-for-uri(string-join($terms, '|'))}&amp;fields={encode-for-uri($grade-fields)}{$of-learner}"/>
      <xsl:for-each select="distinct-values($editions/j:string[@key = 'course_id'])">
        <question name="course" about="{.}" url="{$base}/courses/course?course_id={encode-for-uri(.)}&amp;fields={encode-for-uri('id|name|lang_id')}"/>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <xsl:template name="types">
    <xsl:for-each select="distinct-values(f:answers('grades')//j:*[@key = 'grade_type_id'][not(self::j:null)])">
      <question name="grade-type" about="{.}" url="{$base}/grades/grade_type?grade_type_id={encode-for-uri(.)}"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:function name="f:answers" as="element(j:map)*">
    <xsl:param name="question" as="xs:string"/>
    <xsl:sequence select="$answers[j:string[@key = 'question'] = $question]/j:map[@key = 'answer']"/>
  </xsl:function>

  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key = 'answers']/j:map"/>

</xsl:stylesheet>
