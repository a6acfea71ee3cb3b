<?xml version="1.0" encoding="UTF-8"?>
<!-- Plays the target: stores credits up to 60, remembers them until the hub stops, knows two people. -->
<xsl:stylesheet version="3.0"
    xmlns:map="http://www.w3.org/2005/xpath-functions/map"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all">

  <xsl:param name="requestMethod" as="xs:string" required="yes"/>
  <xsl:param name="requestPath" as="xs:string" required="yes"/>
  <xsl:param name="requestAuthorization" as="xs:string" required="yes"/>
  <xsl:param name="requestBody" as="xs:string" required="yes"/>
  <!-- What is here already: {"id": "text"}, of the elements received of earlier answers. -->
  <xsl:param name="received" as="xs:string" required="yes"/>

  <!-- Invented, as the demo's registers know them. -->
  <xsl:variable name="people" select="
      map { 'id': 't-42', 'number': '240295-903R', 'born': '1995-02-24' },
      map { 'id': 't-43', 'number': 'S1234567', 'born': '2001-03-04' }"/>

  <xsl:variable name="path" as="xs:string" select="substring-after($requestPath, '/simulators/xx-example')"/>

  <xsl:template match="/">
    <xsl:choose>
      <!-- hub:example -->
      <xsl:when test="$requestAuthorization ne 'Basic aHViOmV4YW1wbGU='">
        <answer status="401"/>
      </xsl:when>
      <xsl:when test="$requestMethod ne 'POST' or not($path = ('/credits', '/credits/search', '/people/search'))">
        <answer status="404"/>
      </xsl:when>
      <xsl:otherwise>
        <answer status="200" type="application/xml">
          <xsl:choose>
            <xsl:when test="$path = '/credits'">
              <xsl:call-template name="store"/>
            </xsl:when>
            <xsl:when test="$path = '/credits/search'">
              <xsl:call-template name="search-credits"/>
            </xsl:when>
            <xsl:otherwise>
              <xsl:call-template name="search-people"/>
            </xsl:otherwise>
          </xsl:choose>
        </answer>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="store">
    <xsl:variable name="credits" select="parse-xml($requestBody)/credits/credit"/>
    <xsl:for-each select="$credits[number(amount) le 60]">
      <received id="{@id}"><xsl:value-of select="serialize(.)"/></received>
    </xsl:for-each>
    <xsl:variable name="results">
      <results>
        <xsl:for-each select="$credits">
          <xsl:choose>
            <xsl:when test="number(amount) gt 60">
              <result id="{@id}" state="refused" reason="too_many_credits"/>
            </xsl:when>
            <xsl:otherwise>
              <result id="{@id}" state="{if (map:contains(parse-json($received), @id)) then 'known' else 'stored'}"/>
            </xsl:otherwise>
          </xsl:choose>
        </xsl:for-each>
      </results>
    </xsl:variable>
    <xsl:value-of select="serialize($results)"/>
  </xsl:template>

  <xsl:template name="search-credits">
    <xsl:variable name="found">
      <found>
        <xsl:copy-of select="parse-xml($requestBody)/search/id[map:contains(parse-json($received), string(.))]"/>
      </found>
    </xsl:variable>
    <xsl:value-of select="serialize($found)"/>
  </xsl:template>

  <xsl:template name="search-people">
    <xsl:variable name="number" select="parse-xml($requestBody)/search/number/string()"/>
    <xsl:variable name="found">
      <people>
        <xsl:for-each select="$people[?number = $number]">
          <person id="{?id}" number="{?number}" born="{?born}"/>
        </xsl:for-each>
      </people>
    </xsl:variable>
    <xsl:value-of select="serialize($found)"/>
  </xsl:template>

</xsl:stylesheet>
