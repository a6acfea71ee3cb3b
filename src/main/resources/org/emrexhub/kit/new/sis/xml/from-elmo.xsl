<?xml version="1.0" encoding="UTF-8"?>
<!-- ELMO to the target's XML. Owner: the institution that runs the target. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:f="urn:emrexhub:functions:1"
    xpath-default-namespace="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:variable name="tables" select="doc('code-tables.xml')"/>

  <!-- An item's loi is the place of its instance among all of the document. -->
  <xsl:variable name="instances" select="/hub:delivery/elmo//learningOpportunityInstance"/>

  <xsl:template match="/">
    <credits student="{/hub:delivery/hub:person}">
      <xsl:for-each select="/hub:delivery/hub:item">
        <xsl:variable name="instance" select="$instances[number(current()/@loi)]"/>
        <xsl:variable name="course" select="$instance/ancestor::learningOpportunitySpecification[1]"/>
        <credit id="{@targetId}">
          <!-- The credit's own identifiers changed: what the target has under this id goes. -->
          <xsl:if test="@supersedes">
            <xsl:attribute name="replaces" select="@supersedes"/>
          </xsl:if>
          <code>{$course/identifier[1]}</code>
          <title>{$course/title[1]}</title>
          <unit>{f:row($tables, 'credit-schemes', $instance/credit[1]/scheme)/@unit}</unit>
          <amount>{$instance/credit[1]/value}</amount>
          <date>{$instance/date}</date>
        </credit>
      </xsl:for-each>
    </credits>
  </xsl:template>
</xsl:stylesheet>
