<?xml version="1.0" encoding="UTF-8"?>
<!-- Plays the portal: the token of a student who gave one, to who shows the hub's account. -->
<xsl:stylesheet version="3.0"
    xmlns:f="urn:emrexhub:simulators:pl-usos"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="requestQuery" as="xs:string" required="yes"/>
  <xsl:param name="requestAuthorization" as="xs:string" required="yes"/>
  <xsl:param name="tokensUsername" as="xs:string" required="yes"/>
  <xsl:param name="tokensPassword" as="xs:string" required="yes"/>

  <xsl:variable name="students" select="json-to-xml(unparsed-text('simulator/students.json'))/j:map/j:array[@key='students']/j:map"/>

  <xsl:template match="/">
    <xsl:variable name="identifier" select="tokenize($requestQuery, '&amp;')[starts-with(., 'identifier=')] ! substring-after(., '=')"/>
    <xsl:variable name="student" select="$students[j:map[@key='user']/(j:string[@key=('student_number', 'pesel')]) = $identifier]"/>
    <xsl:choose>
      <xsl:when test="$requestAuthorization ne 'Basic ' || f:base64($tokensUsername || ':' || $tokensPassword)">
        <answer status="401" type="application/json">{{"message":"Unauthorized"}}</answer>
      </xsl:when>
      <xsl:when test="empty($student)">
        <answer status="404" type="application/json">{{"message":"This student has given no access."}}</answer>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="token" select="'invented-token-' || $student/j:map[@key='user']/j:string[@key='student_number']"/>
        <answer status="200" type="application/json">{{"oauth_token":"{$token}","oauth_token_secret":"{$token}-secret"}}</answer>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- RFC 4648 of plain ASCII; XPath has no function for it. -->
  <xsl:function name="f:base64" as="xs:string">
    <xsl:param name="text" as="xs:string"/>
    <xsl:variable name="hex" select="string-join(string-to-codepoints($text) ! f:hex(.))"/>
    <xsl:sequence select="string(xs:base64Binary(xs:hexBinary($hex)))"/>
  </xsl:function>

  <xsl:function name="f:hex" as="xs:string">
    <xsl:param name="byte" as="xs:integer"/>
    <xsl:sequence select="substring('0123456789ABCDEF', $byte idiv 16 + 1, 1) || substring('0123456789ABCDEF', $byte mod 16 + 1, 1)"/>
  </xsl:function>

</xsl:stylesheet>
