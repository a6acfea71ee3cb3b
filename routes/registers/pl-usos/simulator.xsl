<?xml version="1.0" encoding="UTF-8"?>
<!--
  Plays USOS API: the methods that the hub calls, for the student whose token signed the request, from simulator/*.json.
-->
<xsl:stylesheet version="3.0"
    xmlns:f="urn:emrexhub:simulators:pl-usos"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="requestPath" as="xs:string" required="yes"/>
  <xsl:param name="requestQuery" as="xs:string" required="yes"/>
  <xsl:param name="signedBy" as="xs:string" required="yes"/>

  <xsl:variable name="catalogue" select="json-to-xml(unparsed-text('simulator/catalogue.json'))/j:map"/>
  <xsl:variable name="student" select="json-to-xml(unparsed-text('simulator/students.json'))/j:map/j:array[@key='students']/j:map
      ['invented-token-' || j:map[@key='user']/j:string[@key='student_number'] = $signedBy]"/>
  <xsl:variable name="method" select="replace($requestPath, '^.*/services/', '')"/>

  <xsl:template match="/">
    <xsl:choose>
      <xsl:when test="empty($student)">
        <answer status="401" type="application/json">{{"message":"Invalid signature, consumer or token."}}</answer>
      </xsl:when>
      <xsl:when test="$method = 'users/user'">
        <xsl:sequence select="f:json($student/j:map[@key='user'])"/>
      </xsl:when>
      <xsl:when test="$method = 'courses/user'">
        <xsl:sequence select="f:json($student/j:map[@key='courses'])"/>
      </xsl:when>
      <xsl:when test="$method = 'courses/user_ects_points'">
        <xsl:sequence select="f:json($student/j:map[@key='ects'])"/>
      </xsl:when>
      <xsl:when test="$method = 'grades/terms2'">
        <xsl:variable name="terms" select="tokenize(f:parameter('term_ids'), '%7C')"/>
        <xsl:variable name="grades">
          <j:map>
            <xsl:copy-of select="$student/j:map[@key='grades']/j:map[encode-for-uri(@key) = $terms]"/>
          </j:map>
        </xsl:variable>
        <xsl:sequence select="f:json($grades/j:map)"/>
      </xsl:when>
      <xsl:when test="$method = 'courses/course'">
        <xsl:sequence select="f:json($catalogue/j:map[@key='courses']/j:map[encode-for-uri(@key) = f:parameter('course_id')])"/>
      </xsl:when>
      <xsl:when test="$method = 'grades/grade_type'">
        <xsl:sequence select="f:json($catalogue/j:map[@key='grade_types']/j:map[@key = f:parameter('grade_type_id')])"/>
      </xsl:when>
      <xsl:otherwise>
        <answer status="404" type="application/json">{{"message":"Unknown method."}}</answer>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:function name="f:parameter" as="xs:string?">
    <xsl:param name="name" as="xs:string"/>
    <xsl:sequence select="tokenize($requestQuery, '&amp;')[starts-with(., $name || '=')] ! substring-after(., '=')"/>
  </xsl:function>

  <xsl:function name="f:json" as="element(answer)">
    <xsl:param name="value" as="element()?"/>
    <xsl:variable name="bare">
      <xsl:for-each select="$value">
        <xsl:copy>
          <xsl:copy-of select="node()"/>
        </xsl:copy>
      </xsl:for-each>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="empty($value)">
        <answer status="400" type="application/json">{{"message":"Object not found.","error":"object_not_found"}}</answer>
      </xsl:when>
      <xsl:otherwise>
        <answer status="200" type="application/json">{xml-to-json($bare)}</answer>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:function>

</xsl:stylesheet>
