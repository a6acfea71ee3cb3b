<?xml version="1.0" encoding="UTF-8"?>
<!--
  The simulated VIRTA: reads a question and writes the answer out of simulator/learners.xml and the files it names.
-->
<xsl:stylesheet version="3.0"
    xmlns:luku="http://tietovaranto.csc.fi/luku"
    xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:virta="urn:mace:funet.fi:virta/2015/09/01"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="xs"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="key" as="xs:string" required="yes"/>

  <xsl:variable name="learners" as="element(learner)*" select="doc('simulator/learners.xml')/learners/learner"/>

  <xsl:template match="/">
    <soap:Envelope>
      <soap:Header/>
      <soap:Body>
        <xsl:choose>
          <xsl:when test="empty(soap:Envelope/soap:Body/(luku:OpiskelijanKaikkiTiedotRequest | luku:OpiskelijanTiedotRequest))">
            <xsl:call-template name="fault">
              <xsl:with-param name="text">Tuntematon pyyntö</xsl:with-param>
            </xsl:call-template>
          </xsl:when>
          <xsl:when test="not(soap:Envelope/soap:Body/*/luku:Kutsuja/luku:avain = $key)">
            <xsl:call-template name="fault">
              <xsl:with-param name="text">Kutsujan avain on virheellinen</xsl:with-param>
            </xsl:call-template>
          </xsl:when>
          <xsl:otherwise>
            <xsl:apply-templates select="soap:Envelope/soap:Body/*"/>
          </xsl:otherwise>
        </xsl:choose>
      </soap:Body>
    </soap:Envelope>
  </xsl:template>

  <xsl:template match="luku:OpiskelijanKaikkiTiedotRequest">
    <xsl:variable name="learner" select="$learners[@code = current()/luku:Hakuehdot/luku:henkilotunnus
        or @oid = current()/luku:Hakuehdot/luku:kansallinenOppijanumero]"/>
    <luku:OpiskelijanKaikkiTiedotResponse>
      <virta:Virta>
        <xsl:if test="$learner">
          <xsl:copy-of select="doc('simulator/' || $learner/@answer)/virta:Virta/node()" copy-namespaces="no"/>
        </xsl:if>
      </virta:Virta>
    </luku:OpiskelijanKaikkiTiedotResponse>
  </xsl:template>

  <!-- Names come from the institutions that keep them, and from no other. -->
  <xsl:template match="luku:OpiskelijanTiedotRequest">
    <xsl:variable name="learner" select="$learners[@code = current()/luku:Hakuehdot/luku:henkilotunnus
        or @oid = current()/luku:Hakuehdot/luku:kansallinenOppijanumero]
        [tokenize(@named-at) = current()/luku:Hakuehdot/luku:organisaatio]"/>
    <luku:OpiskelijanTiedotResponse>
      <virta:Opiskelijat>
        <xsl:for-each select="$learner">
          <virta:Opiskelija avain="{@key}">
            <virta:Henkilotunnus>{@code}</virta:Henkilotunnus>
            <virta:Sukunimi>{@family}</virta:Sukunimi>
            <virta:Etunimet>{@given}</virta:Etunimet>
            <virta:Sukupuoli>{@gender}</virta:Sukupuoli>
            <virta:Kansalaisuus>{@citizenship}</virta:Kansalaisuus>
            <virta:Aidinkieli>fi</virta:Aidinkieli>
            <virta:KansallinenOppijanumero>{@oid}</virta:KansallinenOppijanumero>
          </virta:Opiskelija>
        </xsl:for-each>
      </virta:Opiskelijat>
    </luku:OpiskelijanTiedotResponse>
  </xsl:template>

  <xsl:template name="fault">
    <xsl:param name="text" as="xs:string"/>
    <soap:Fault>
      <faultcode>soap:Client</faultcode>
      <faultstring xml:lang="fi">{$text}</faultstring>
    </soap:Fault>
  </xsl:template>

</xsl:stylesheet>
