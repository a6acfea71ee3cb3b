<?xml version="1.0" encoding="UTF-8"?>
<!-- Plays the register: gives tokens, and answers with the pages that stand in the mapping's sample. -->
<xsl:stylesheet version="3.0"
    xmlns:f="urn:emrexhub:simulators:xx-example"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:param name="requestPath" as="xs:string" required="yes"/>
  <xsl:param name="requestQuery" as="xs:string" required="yes"/>
  <xsl:param name="requestAuthorization" as="xs:string" required="yes"/>

  <!-- The path, such as students/S1234567/records, and the page that is asked for. -->
  <xsl:variable name="steps" as="xs:string*" select="tokenize(replace($requestPath, '^.*/simulators/xx-example/', ''), '/')"/>
  <xsl:variable name="page" as="xs:string" select="
      (tokenize($requestQuery, '&amp;')[starts-with(., 'page=')] ! substring-after(., '='), '1')[1]"/>

  <xsl:template match="/">
    <xsl:choose>
      <!-- hub:example, RFC 6749, 4.4 -->
      <xsl:when test="$steps[1] = 'token' and $requestAuthorization = 'Basic aHViOmV4YW1wbGU='">
        <answer status="200" type="application/json">{{"access_token":"invented-token","token_type":"Bearer","expires_in":300}}</answer>
      </xsl:when>
      <xsl:when test="$steps[1] = 'token'">
        <answer status="401" type="application/json">{{"error":"invalid_client"}}</answer>
      </xsl:when>
      <xsl:when test="$requestAuthorization ne 'Bearer invented-token'">
        <answer status="401"/>
      </xsl:when>
      <xsl:when test="$steps[2] = 'S1234567'">
        <xsl:sequence select="f:recorded(($steps[3], 'learner')[1])"/>
      </xsl:when>
      <xsl:otherwise>
        <answer status="404"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

#recorded
</xsl:stylesheet>
