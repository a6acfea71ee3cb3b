<?xml version="1.0" encoding="UTF-8"?>
<!-- ELMO 1.7 to the archive's proposals, JSON. Owner: the test that adds it. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:map="http://www.w3.org/2005/xpath-functions/map"
    xmlns:hub="urn:emrexhub:mapping:1"
    xpath-default-namespace="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    exclude-result-prefixes="#all">
  <xsl:output method="json"/>

  <xsl:template match="/hub:delivery">
    <xsl:variable name="instances" select="elmo//learningOpportunityInstance"/>
    <xsl:sequence select="map {
        'person': string(hub:person),
        'proposals': array {
          for $item in hub:item return
          let $instance := $instances[number($item/@loi)]
          return map:merge((
            $item/@supersedes ! map { 'insteadOf': string(.) },
            map {
            'ref': string($item/@ref),
            'id': string($item/@targetId),
            'course': string($instance/ancestor::learningOpportunitySpecification[1]/title[1]),
            'credits': string($instance/credit[1]/value)
          }))
        }
      }"/>
  </xsl:template>
</xsl:stylesheet>
