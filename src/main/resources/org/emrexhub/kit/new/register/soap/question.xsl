<?xml version="1.0" encoding="UTF-8"?>
<!-- The question for a learner's records. Every text variable of the route is a parameter of its name. -->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns="urn:example:xx-example"
    expand-text="yes">

  <xsl:param name="identifier"/>

  <xsl:template match="/">
    <soapenv:Envelope>
      <soapenv:Body>
        <recordsOf><student>{$identifier}</student></recordsOf>
      </soapenv:Body>
    </soapenv:Envelope>
  </xsl:template>
</xsl:stylesheet>
