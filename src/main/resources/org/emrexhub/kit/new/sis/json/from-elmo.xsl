<?xml version="1.0" encoding="UTF-8"?>
<!-- ELMO to the target's JSON. Owner: the institution that runs the target. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:f="urn:emrexhub:functions:1"
    xpath-default-namespace="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    exclude-result-prefixes="#all">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:output method="json"/>

  <xsl:variable name="tables" select="doc('code-tables.xml')"/>

  <!-- An item's loi is the place of its instance among all of the document. -->
  <xsl:variable name="instances" select="/hub:delivery/elmo//learningOpportunityInstance"/>

  <xsl:template match="/">
    <xsl:variable name="person" select="string(/hub:delivery/hub:person)"/>
    <xsl:variable name="credits" as="map(*)*">
      <xsl:for-each select="/hub:delivery/hub:item">
        <xsl:variable name="instance" select="$instances[number(current()/@loi)]"/>
        <xsl:variable name="course" select="$instance/ancestor::learningOpportunitySpecification[1]"/>
        <xsl:map>
          <xsl:map-entry key="'id'" select="string(@targetId)"/>
          <!-- The credit's own identifiers changed: what the target has under this id goes. -->
          <xsl:if test="@supersedes">
            <xsl:map-entry key="'replaces'" select="string(@supersedes)"/>
          </xsl:if>
          <xsl:map-entry key="'student'" select="$person"/>
          <xsl:map-entry key="'code'" select="string($course/identifier[1])"/>
          <xsl:map-entry key="'title'" select="string($course/title[1])"/>
          <xsl:map-entry key="'unit'" select="string(f:row($tables, 'credit-schemes', $instance/credit[1]/scheme)/@unit)"/>
          <xsl:map-entry key="'amount'" select="number($instance/credit[1]/value)"/>
          <xsl:map-entry key="'date'" select="string($instance/date)"/>
        </xsl:map>
      </xsl:for-each>
    </xsl:variable>
    <xsl:sequence select="array { $credits }"/>
  </xsl:template>
</xsl:stylesheet>
