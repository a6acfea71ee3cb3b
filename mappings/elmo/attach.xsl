<?xml version="1.0" encoding="UTF-8"?>
<!--
  Puts the transcript into a document as the first attachment of its root, where readers look for it.
  ELMO 1.7. Owner: the hub.
-->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    xpath-default-namespace="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <!-- The PDF in Base64, on one line. -->
  <xsl:param name="pdf" as="xs:string"/>

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:template match="/elmo">
    <xsl:variable name="last" select="report[last()]"/>
    <xsl:copy>
      <xsl:copy-of select="@*, node()[not(. &gt;&gt; $last)]"/>
      <attachment>
        <title xml:lang="en">EMREX transcript</title>
        <type>EMREX transcript</type>
        <content>data:application/pdf;base64,{$pdf}</content>
      </attachment>
      <xsl:copy-of select="node()[. &gt;&gt; $last]"/>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
