<?xml version="1.0" encoding="UTF-8"?>
<!-- Plays the target: stores each credit of an array, and remembers none. -->
<xsl:stylesheet version="3.0"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:param name="requestMethod" as="xs:string" required="yes"/>
  <xsl:param name="requestPath" as="xs:string" required="yes"/>
  <xsl:param name="requestAuthorization" as="xs:string" required="yes"/>
  <xsl:param name="requestBody" as="xs:string" required="yes"/>

  <xsl:template match="/">
    <xsl:choose>
      <!-- hub:example -->
      <xsl:when test="$requestAuthorization ne 'Basic aHViOmV4YW1wbGU='">
        <answer status="401"/>
      </xsl:when>
      <xsl:when test="$requestMethod = 'POST' and ends-with($requestPath, '/simulators/xx-example/credits')">
        <xsl:variable name="results" as="map(*)*" select="
            parse-json($requestBody)?* !
            (if (?amount gt 60) then map { 'id': ?id, 'state': 'refused', 'reason': 'too_many_credits' }
             else map { 'id': ?id, 'state': 'stored' })"/>
        <answer status="200" type="application/json">
          <xsl:sequence select="serialize(map { 'results': array { $results } }, map { 'method': 'json' })"/>
        </answer>
      </xsl:when>
      <xsl:otherwise>
        <answer status="404"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

</xsl:stylesheet>
