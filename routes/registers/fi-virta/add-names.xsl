<?xml version="1.0" encoding="UTF-8"?>
<!--
  Adds what one institution said to the question for the learner's names. Whatever cannot be read as such an answer
  counts as asked in vain: names are welcome, never needed.
-->
<xsl:stylesheet version="3.0"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:luku="http://tietovaranto.csc.fi/luku"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="luku xs">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="organisation" as="xs:string" required="yes"/>
  <xsl:param name="names" as="xs:string" select="''"/>

  <xsl:template match="/hub:answers">
    <xsl:copy>
      <xsl:copy-of select="node()"/>
      <hub:names organisation="{$organisation}">
        <xsl:try>
          <xsl:copy-of select="parse-xml($names)//luku:OpiskelijanTiedotResponse" copy-namespaces="no"/>
          <xsl:catch/>
        </xsl:try>
      </hub:names>
    </xsl:copy>
  </xsl:template>

</xsl:stylesheet>
