<?xml version="1.0" encoding="UTF-8"?>
<!-- Plays Ladok: students, results in pages, grade scales, each with the media type of its service. -->
<xsl:stylesheet version="3.0"
    xmlns:f="urn:emrexhub:simulators:se-ladok"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="requestPath" as="xs:string" required="yes"/>
  <xsl:param name="requestQuery" as="xs:string" required="yes"/>
  <xsl:param name="requestAccept" as="xs:string" required="yes"/>

  <xsl:variable name="data" select="json-to-xml(unparsed-text('simulator/students.json'))/j:map"/>
  <xsl:variable name="students" select="$data/j:array[@key='students']/j:map"/>
  <xsl:variable name="steps" select="tokenize(replace($requestPath, '^.*/simulators/se-ladok/', ''), '/')"/>
  <xsl:variable name="type" select="'application/vnd.ladok-' || $steps[1] || '+json'"/>

  <xsl:template match="/">
    <xsl:choose>
      <xsl:when test="$requestAccept ne $type">
        <xsl:sequence select="f:error(406, 'Felaktig mediatyp')"/>
      </xsl:when>
      <xsl:when test="$steps[2] = 'student'">
        <xsl:sequence select="f:json($students/j:map[@key='student']
            [j:string[@key=('Personnummer'[$steps[3] = 'personnummer'], 'ExterntUID'[$steps[3] = 'externtuuid'])] = $steps[4]])"/>
      </xsl:when>
      <xsl:when test="$steps[2] = 'studieresultat' and $steps[4] = 'student'">
        <xsl:variable name="all" select="$students[j:map[@key='student']/j:string[@key='Uid'] = $steps[5]]/j:array[@key='Resultat']/j:map"/>
        <xsl:variable name="page" select="xs:integer((f:parameter('page'), '1')[1])"/>
        <xsl:variable name="limit" select="xs:integer((f:parameter('limit'), '400')[1])"/>
        <xsl:variable name="part">
          <j:map>
            <j:array key="Resultat">
              <xsl:copy-of select="subsequence($all, ($page - 1) * $limit + 1, $limit)"/>
            </j:array>
            <j:number key="TotaltAntalPoster">{count($all)}</j:number>
          </j:map>
        </xsl:variable>
        <xsl:sequence select="f:json($part/j:map)"/>
      </xsl:when>
      <xsl:when test="$steps[1] = 'kataloginformation'">
        <xsl:variable name="scales">
          <j:map>
            <xsl:copy-of select="$data/j:array[@key='Betygsskala']"/>
          </j:map>
        </xsl:variable>
        <xsl:sequence select="f:json($scales/j:map)"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:sequence select="f:error(404, 'Resursen finns inte')"/>
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
        <xsl:sequence select="f:error(404, 'Studenten finns inte')"/>
      </xsl:when>
      <xsl:otherwise>
        <answer status="200" type="{$type}">{xml-to-json($bare)}</answer>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:function>

  <xsl:function name="f:error" as="element(answer)">
    <xsl:param name="status" as="xs:integer"/>
    <xsl:param name="text" as="xs:string"/>
    <answer status="{$status}" type="application/json">{{"Detaljkod":"exempel.{$status}","DetaljkodText":"{$text}","FelUID":"00000000-0000-4000-8000-000000000000","Felgrupp":"exempel","FelgruppText":"{$text}","Felkategori":"exempel","FelkategoriText":"{$text}","Meddelande":"{$text}","link":[]}}</answer>
  </xsl:function>

</xsl:stylesheet>
