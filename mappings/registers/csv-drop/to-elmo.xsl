<?xml version="1.0" encoding="UTF-8"?>
<!--
  The rows of an institution's CSV files to ELMO 1.7, with the institution of the settings where a row names none.
  Owner: the hub; what an institution changes are the tables.
-->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:f="urn:emrexhub:functions:1"
    exclude-result-prefixes="#all">

  <xsl:import href="../../elmo/credit-rows.xsl"/>

  <xsl:param name="issuer-schac" as="xs:string" select="''"/>
  <xsl:param name="issuer-erasmus" as="xs:string" select="''"/>
  <xsl:param name="issuer-title" as="xs:string" select="''"/>
  <xsl:param name="issuer-url" as="xs:string" select="''"/>
  <xsl:param name="issuer-country" as="xs:string" select="''"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>

  <xsl:variable name="issuer" as="map(xs:string, xs:string)" select="map {
      'issuer_schac': $issuer-schac,
      'issuer_erasmus': $issuer-erasmus,
      'issuer_title': $issuer-title,
      'issuer_url': $issuer-url,
      'issuer_country': $issuer-country }"/>

  <!-- Only a row that names no institution at all is of the institution whose folder it is. -->
  <xsl:function name="f:default" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:param name="name" as="xs:string"/>
    <xsl:sequence select="
        if (exists($row/j:string[@key = map:keys($issuer)][normalize-space()])) then ()
        else $issuer($name)[. ne '']"
        xmlns:map="http://www.w3.org/2005/xpath-functions/map"/>
  </xsl:function>
</xsl:stylesheet>
