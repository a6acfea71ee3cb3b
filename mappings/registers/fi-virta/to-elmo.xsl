<?xml version="1.0" encoding="UTF-8"?>
<!--
  VIRTA (Finland) to ELMO 1.7.
  Source: OpiskelijanKaikkiTiedotResponse, and OpiskelijanTiedotResponse for the names, inside hub:answers as the pull
  route leaves them; a bare SOAP envelope, response or virta:Virta is taken as well.
  Owner: the registrar. What is read, left out and INFERRED stands in README.md, every code in code-tables.xml.
-->
<xsl:stylesheet version="3.0"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    xmlns:f="urn:emrexhub:mapping:fi-virta"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:luku="http://tietovaranto.csc.fi/luku"
    xmlns:map="http://www.w3.org/2005/xpath-functions/map"
    xmlns:shared="urn:emrexhub:functions:1"
    xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:virta="urn:mace:funet.fi:virta/2015/09/01"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="today" as="xs:string" required="yes"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>

  <!-- A date that stands for "no end" in VIRTA. -->
  <xsl:variable name="open-end" as="xs:string" select="'2112-12-21'"/>

  <xsl:key name="row" match="row" use="../@name || '|' || @code"/>
  <!-- An avain is unique within its institution only. -->
  <xsl:key name="attainment" match="virta:Opintosuoritus" use="f:ref(.)"/>
  <xsl:key name="container" match="virta:Opintosuoritus"
      use="virta:Sisaltyvyys ! (string(../virta:Myontaja) || '/' || @sisaltyvaOpintosuoritusAvain)"/>
  <xsl:key name="study-right" match="virta:Opiskeluoikeus" use="string(virta:Myontaja) || '/' || @avain"/>

  <!-- The shapes that an answer comes in. -->

  <!-- Far beyond any learner's studies. Without an end a spoilt answer would keep the hub busy for hours. -->
  <xsl:variable name="deepest" as="xs:integer" select="50"/>
  <xsl:variable name="most-containments" as="xs:integer" select="2000"/>

  <xsl:template match="/">
    <xsl:apply-templates select="*" mode="answer"/>
  </xsl:template>

  <xsl:template match="hub:answers" mode="answer">
    <xsl:apply-templates select="(descendant::soap:Fault, luku:OpiskelijanKaikkiTiedotResponse)[1]" mode="answer"/>
    <xsl:if test="empty(luku:OpiskelijanKaikkiTiedotResponse)">
      <xsl:sequence select="f:stop('answer_unreadable', 'the answer holds no OpiskelijanKaikkiTiedotResponse')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="soap:Envelope" mode="answer">
    <xsl:if test="empty(soap:Body/(soap:Fault | luku:OpiskelijanKaikkiTiedotResponse))">
      <xsl:sequence select="f:stop('answer_unreadable', 'the envelope holds no OpiskelijanKaikkiTiedotResponse')"/>
    </xsl:if>
    <xsl:apply-templates select="soap:Body/(soap:Fault, luku:OpiskelijanKaikkiTiedotResponse)[1]" mode="answer"/>
  </xsl:template>

  <xsl:template match="luku:OpiskelijanKaikkiTiedotResponse" mode="answer">
    <xsl:if test="empty(virta:Virta)">
      <xsl:sequence select="f:stop('answer_unreadable', 'the response holds no Virta')"/>
    </xsl:if>
    <xsl:apply-templates select="virta:Virta" mode="answer"/>
  </xsl:template>

  <xsl:template match="soap:Fault" mode="answer">
    <xsl:sequence select="f:stop('register_fault', 'the register answered with a SOAP fault')"/>
  </xsl:template>

  <xsl:template match="*" mode="answer" priority="-1">
    <xsl:sequence select="f:stop('answer_unreadable', 'the answer is none of VIRTA')"/>
  </xsl:template>

  <xsl:template match="virta:Virta" mode="answer">
    <xsl:if test="empty(virta:Opiskelija)">
      <xsl:sequence select="f:stop('learner_not_found', 'the register answered without any Opiskelija')"/>
    </xsl:if>
    <xsl:variable name="attainments" select="virta:Opiskelija/virta:Opintosuoritukset/virta:Opintosuoritus"/>
    <xsl:if test="count($attainments/virta:Sisaltyvyys) gt $most-containments">
      <xsl:sequence select="f:stop('answer_unreadable', 'the answer holds more containments than the hub follows')"/>
    </xsl:if>
    <!-- One Opiskelija per institution: the same learner comes several times. The names' answers come last. -->
    <xsl:variable name="persons" select="virta:Opiskelija, root()//virta:Opiskelijat/virta:Opiskelija"/>
    <!-- Decided once per record: the rule that leaves it out, or the empty string. -->
    <xsl:variable name="rules" as="map(xs:string, xs:string)"
        select="map:merge($attainments ! map:entry(generate-id(), f:skip-rule(.)))"/>
    <xsl:variable name="mapped" select="$attainments[$rules(generate-id()) = '']"/>
    <xsl:variable name="parents" as="map(xs:string, element())" select="f:parents($mapped, $rules)"/>
    <xsl:variable name="parts" as="map(xs:string, element()*)">
      <xsl:map>
        <xsl:for-each-group select="$mapped[map:contains($parents, generate-id())]"
            group-by="generate-id($parents(generate-id()))">
          <xsl:map-entry key="current-grouping-key()" select="current-group()"/>
        </xsl:for-each-group>
      </xsl:map>
    </xsl:variable>
    <hub:result>
      <xsl:call-template name="learner">
        <xsl:with-param name="persons" select="$persons"/>
      </xsl:call-template>
      <xsl:for-each-group select="$mapped" group-by="string(virta:Myontaja)">
        <xsl:call-template name="report">
          <xsl:with-param name="attainments" select="current-group()"/>
          <xsl:with-param name="rules" select="$rules" tunnel="yes"/>
          <xsl:with-param name="parents" select="$parents" tunnel="yes"/>
          <xsl:with-param name="parts" select="$parts" tunnel="yes"/>
        </xsl:call-template>
      </xsl:for-each-group>
      <xsl:for-each select="$mapped">
        <hub:mapped ref="{f:ref(.)}"/>
      </xsl:for-each>
      <xsl:for-each select="$attainments except $mapped">
        <hub:skipped ref="{f:ref(.)}" rule="{$rules(generate-id())}"/>
      </xsl:for-each>
      <xsl:call-template name="learner-findings">
        <xsl:with-param name="persons" select="$persons"/>
      </xsl:call-template>
      <xsl:if test="empty($mapped)">
        <xsl:sequence select="f:finding((), 'no-attainments')"/>
      </xsl:if>
      <xsl:apply-templates select="$attainments" mode="finding">
        <xsl:with-param name="rules" select="$rules" tunnel="yes"/>
        <xsl:with-param name="parents" select="$parents" tunnel="yes"/>
      </xsl:apply-templates>
    </hub:result>
  </xsl:template>

  <!-- Learner: identifiers and birth date serve to tell whether this is the person asked for. -->

  <xsl:template name="learner">
    <xsl:param name="persons" as="element(virta:Opiskelija)+"/>
    <xsl:variable name="birth-dates" select="f:birth-dates($persons)"/>
    <xsl:if test="count($birth-dates) gt 1">
      <xsl:sequence select="f:stop('learner_mismatch', 'the identity codes of one answer have different birth dates')"/>
    </xsl:if>
    <xsl:variable name="named" select="f:named($persons)[1]"/>
    <!-- One that ELMO's frozen list has, if there is any. -->
    <xsl:variable name="citizenship"
        select="(f:citizenships($persons)[shared:elmo-country(.)], f:citizenships($persons))[1]"/>
    <hub:learner>
      <!-- Without its last four characters a code is a birth date, not an identifier. -->
      <xsl:for-each select="distinct-values($persons/virta:Henkilotunnus ! upper-case(normalize-space()))[string-length() = 11]">
        <hub:identifier type="nationalIdentifier">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="distinct-values($persons/virta:KansallinenOppijanumero ! normalize-space())[. ne '']">
        <hub:identifier type="nationalLearnerId">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:if test="exists($named)">
        <hub:givenNames>{normalize-space($named/virta:Etunimet)}</hub:givenNames>
        <hub:familyName>{normalize-space($named/virta:Sukunimi)}</hub:familyName>
      </xsl:if>
      <xsl:for-each select="$birth-dates">
        <hub:bday>{.}</hub:bday>
      </xsl:for-each>
      <xsl:for-each select="($persons/virta:Sukupuoli)[1]">
        <hub:gender>{f:row('genders', normalize-space())/@value}</hub:gender>
      </xsl:for-each>
      <xsl:if test="exists($citizenship)">
        <hub:citizenship>{$citizenship}</hub:citizenship>
      </xsl:if>
    </hub:learner>
  </xsl:template>

  <xsl:template name="learner-findings">
    <xsl:param name="persons" as="element(virta:Opiskelija)+"/>
    <xsl:variable name="named" select="f:named($persons)"/>
    <xsl:if test="empty($named)">
      <xsl:sequence select="f:finding((), 'names-not-given')"/>
    </xsl:if>
    <xsl:if test="count(distinct-values($named ! f:name-of(.))) gt 1">
      <xsl:sequence select="f:finding((), 'names-differ')"/>
    </xsl:if>
    <xsl:if test="$persons/virta:Henkilotunnus ! normalize-space()[. ne ''] ! empty(f:birth-date(.)) = true()">
      <xsl:sequence select="f:finding((), 'identity-code-unreadable')"/>
    </xsl:if>
    <xsl:if test="count(f:citizenships($persons)) gt 1">
      <xsl:sequence select="f:finding((), 'further-citizenship')"/>
    </xsl:if>
  </xsl:template>

  <!-- Report: one per institution, in the order of its first attainment. -->

  <xsl:template name="report">
    <xsl:param name="attainments" as="element(virta:Opintosuoritus)+"/>
    <xsl:param name="parents" as="map(xs:string, element())" tunnel="yes"/>
    <report>
      <xsl:apply-templates select="$attainments[1]/virta:Myontaja" mode="issuer"/>
      <xsl:apply-templates select="$attainments[not(map:contains($parents, generate-id()))]"
          mode="learningOpportunitySpecification"/>
      <issueDate>{$today}T00:00:00Z</issueDate>
      <xsl:for-each-group select="$attainments/virta:Arvosana/*[f:scale-id(.) and f:label(.)]" group-by="f:scale-id(.)">
        <xsl:apply-templates select="current-group()[1]" mode="gradingScheme"/>
      </xsl:for-each-group>
    </report>
  </xsl:template>

  <xsl:template match="virta:Myontaja" mode="issuer">
    <xsl:variable name="row" select="f:row('issuers', string())"/>
    <issuer>
      <country>FI</country>
      <identifier type="schac">{$row/@schac}</identifier>
      <identifier type="national">{$row/@code}</identifier>
      <xsl:for-each select="$row/(@fi, @sv, @en)">
        <title xml:lang="{local-name()}">{.}</title>
      </xsl:for-each>
      <url>{$row/@url}</url>
    </issuer>
  </xsl:template>

  <xsl:template match="virta:Opintosuoritus" mode="learningOpportunitySpecification">
    <xsl:param name="parts" as="map(xs:string, element()*)" tunnel="yes"/>
    <learningOpportunitySpecification>
      <xsl:apply-templates select="@koulutusmoduulitunniste, @valtakunnallinenKoulutusmoduulitunniste"
          mode="identifier"/>
      <xsl:call-template name="titles"/>
      <type>{f:type(.)}</type>
      <xsl:apply-templates select="virta:JulkinenLisatieto" mode="description"/>
      <specifies>
        <xsl:call-template name="learningOpportunityInstance"/>
      </specifies>
      <xsl:for-each select="f:in-order(., $parts(generate-id()))">
        <hasPart>
          <xsl:apply-templates select="." mode="learningOpportunitySpecification"/>
        </hasPart>
      </xsl:for-each>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template match="@koulutusmoduulitunniste" mode="identifier">
    <xsl:if test="normalize-space()">
      <identifier type="local">{normalize-space()}</identifier>
    </xsl:if>
  </xsl:template>

  <xsl:template match="@valtakunnallinenKoulutusmoduulitunniste" mode="identifier">
    <xsl:if test="normalize-space()">
      <identifier type="nationalModuleId">{normalize-space()}</identifier>
    </xsl:if>
  </xsl:template>

  <xsl:template name="titles">
    <!-- One title per language; the same words without a language add nothing. -->
    <xsl:variable name="names" select="virta:Nimi[normalize-space()][f:language(@kieli)
        or not(normalize-space() = (../virta:Nimi except .)[f:language(@kieli)]/normalize-space())]"/>
    <xsl:for-each-group select="$names" group-by="f:language(@kieli)">
      <title>
        <xsl:if test="current-grouping-key()">
          <xsl:attribute name="xml:lang" select="current-grouping-key()"/>
        </xsl:if>
        <xsl:text>{normalize-space()}</xsl:text>
      </title>
    </xsl:for-each-group>
    <xsl:if test="empty($names)">
      <title>{(@koulutusmoduulitunniste, @valtakunnallinenKoulutusmoduulitunniste, @avain)[normalize-space()][1] ! normalize-space()}</title>
    </xsl:if>
  </xsl:template>

  <xsl:template match="virta:JulkinenLisatieto" mode="description">
    <xsl:if test="normalize-space()">
      <description>
        <xsl:if test="f:language(@kieli)">
          <xsl:attribute name="xml:lang" select="f:language(@kieli)"/>
        </xsl:if>
        <xsl:text>{.}</xsl:text>
      </description>
    </xsl:if>
  </xsl:template>

  <xsl:template name="learningOpportunityInstance">
    <xsl:param name="rules" as="map(xs:string, xs:string)" tunnel="yes"/>
    <xsl:param name="parents" as="map(xs:string, element())" tunnel="yes"/>
    <xsl:variable name="grade" select="virta:Arvosana/*[f:scale-id(.) and f:label(.)]"/>
    <xsl:variable name="level" select="f:study-right(.)/f:row('study-right-types', string(virta:Tyyppi))/@eqf"/>
    <xsl:variable name="language" select="f:language(virta:Kieli)"/>
    <learningOpportunityInstance>
      <identifier type="local">{normalize-space(@avain)}</identifier>
      <xsl:if test="exists(f:date(virta:SuoritusPvm))">
        <date>{f:date(virta:SuoritusPvm)}</date>
      </xsl:if>
      <!-- VIRTA holds what was attained; a failing grade is skipped before this point. -->
      <status>passed</status>
      <xsl:if test="exists($grade)">
        <gradingSchemeLocalId>{f:scale-id($grade)}</gradingSchemeLocalId>
        <resultLabel>{f:label($grade)}</resultLabel>
      </xsl:if>
      <!-- ELMO 1.7: ects on a node excludes ects on its ancestors and descendants. -->
      <xsl:if test="f:bears-credits(., $rules, $parents)">
        <credit>
          <scheme>ects</scheme>
          <value>{f:credits(.)}</value>
        </credit>
      </xsl:if>
      <xsl:if test="exists($level)">
        <level>
          <type>EQF</type>
          <value>{$level}</value>
        </level>
      </xsl:if>
      <xsl:if test="$language">
        <languageOfInstruction>{$language}</languageOfInstruction>
      </xsl:if>
    </learningOpportunityInstance>
  </xsl:template>

  <xsl:template match="virta:Arvosana/*" mode="gradingScheme">
    <gradingScheme localId="{f:scale-id(.)}">
      <xsl:for-each select="f:row('grade-scales', local-name())/(@en, @fi)">
        <description xml:lang="{local-name()}">{.}</description>
      </xsl:for-each>
    </gradingScheme>
  </xsl:template>

  <xsl:template match="virta:Arvosana/virta:Muu" mode="gradingScheme" priority="1">
    <xsl:variable name="grades" select="virta:Asteikko/virta:AsteikkoArvosana ! string-join((normalize-space(virta:Koodi),
        normalize-space(virta:Nimi)[. ne '' and . ne current()/normalize-space(virta:Koodi)]), ' ')"/>
    <gradingScheme localId="{f:scale-id(.)}">
      <description>{string-join((normalize-space(virta:Asteikko/virta:Nimi)[. ne ''], string-join($grades, ', ')), ': ')}</description>
    </gradingScheme>
  </xsl:template>

  <!-- Findings: what a person should know of a record that was mapped. -->

  <xsl:template match="virta:Opintosuoritus" mode="finding">
    <xsl:param name="rules" as="map(xs:string, xs:string)" tunnel="yes"/>
    <xsl:variable name="rule" select="$rules(generate-id())"/>
    <xsl:choose>
      <xsl:when test="$rule = ''">
        <xsl:apply-templates select="." mode="mapped-finding"/>
        <xsl:apply-templates select="*" mode="finding"/>
      </xsl:when>
      <xsl:when test="$rule = 'duplicate-record' and not(deep-equal(., key('attainment', f:ref(.))[1]))">
        <xsl:sequence select="f:finding(., 'duplicate-differs')"/>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="virta:Opintosuoritus" mode="mapped-finding">
    <xsl:param name="rules" as="map(xs:string, xs:string)" tunnel="yes"/>
    <xsl:param name="parents" as="map(xs:string, element())" tunnel="yes"/>
    <xsl:variable name="here" select="."/>
    <xsl:variable name="below" select="f:credits-below(., $rules, $parents)"/>
    <xsl:variable name="containers" select="f:containers(., $rules)"/>
    <xsl:variable name="named-parts" select="virta:Sisaltyvyys ! f:part(.)"/>
    <xsl:variable name="rule" as="xs:string*">
      <xsl:if test="empty(virta:Nimi[normalize-space()])">name-missing</xsl:if>
      <xsl:if test="virta:Nimi[normalize-space()][f:language(@kieli) = preceding-sibling::virta:Nimi[normalize-space()]/f:language(@kieli)]">further-name</xsl:if>
      <xsl:if test="not(normalize-space(@koulutusmoduulitunniste))">code-missing</xsl:if>
      <xsl:if test="empty(f:date(virta:SuoritusPvm))">date-missing</xsl:if>
      <xsl:choose>
        <xsl:when test="$below gt 0 and f:credits(.) gt 0 and $below ne f:credits(.)">credits-differ-from-parts</xsl:when>
        <xsl:when test="$below gt 0">credits-on-parts</xsl:when>
        <xsl:when test="empty(virta:Laajuus/virta:Opintopiste[normalize-space()])">credits-missing</xsl:when>
        <xsl:when test="f:credits(.) gt 0"/>
        <xsl:when test="f:decimal(virta:Laajuus/virta:Opintoviikko) gt 0">study-weeks-only</xsl:when>
        <xsl:otherwise>zero-credits</xsl:otherwise>
      </xsl:choose>
      <xsl:if test="empty(virta:Arvosana/*)">grade-missing</xsl:if>
      <xsl:if test="normalize-space(@opiskeluoikeusAvain) and empty(f:study-right(.))">study-right-missing</xsl:if>
      <xsl:if test="count($containers) gt 1">second-parent</xsl:if>
      <xsl:if test="exists($containers) and not(map:contains($parents, generate-id()))
          or virta:Sisaltyvyys ! f:part(.) intersect .">circular-containment</xsl:if>
      <xsl:if test="virta:Sisaltyvyys ! empty(f:part(.)) = true()">dangling-part</xsl:if>
      <xsl:if test="$named-parts[$rules(generate-id()) != '']">part-skipped</xsl:if>
    </xsl:variable>
    <xsl:sequence select="distinct-values($rule) ! f:finding($here, .)"/>
  </xsl:template>

  <xsl:template match="virta:Opintosuoritus/*" mode="finding" priority="-1">
    <xsl:if test="empty(key('row', 'attainment-elements|' || local-name(), $tables)) or not(self::virta:*)">
      <xsl:sequence select="f:finding(.., 'unknown-element')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="virta:Arvosana" mode="finding">
    <xsl:choose>
      <xsl:when test="virta:Muu and not(f:label(virta:Muu))">
        <xsl:sequence select="f:finding(.., 'grade-unresolved')"/>
      </xsl:when>
      <xsl:when test="* and not(f:label(*))">
        <xsl:sequence select="f:finding(.., 'no-grade')"/>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="virta:Kieli" mode="finding">
    <xsl:if test="normalize-space() and not(f:language(.))">
      <xsl:sequence select="f:finding(.., 'language-not-single')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="virta:Organisaatio" mode="finding">
    <xsl:variable name="finding" select="f:row('organisation-roles', normalize-space(virta:Rooli))/@finding"/>
    <xsl:if test="$finding and empty(preceding-sibling::virta:Organisaatio[virta:Rooli = current()/virta:Rooli])">
      <xsl:sequence select="f:finding(.., $finding)"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="virta:HyvaksilukuPvm" mode="finding">
    <xsl:variable name="finding" select="f:recognised(..)/@finding"/>
    <xsl:if test="$finding">
      <xsl:sequence select="f:finding(.., $finding)"/>
    </xsl:if>
  </xsl:template>

  <!-- Records: what a record is called, why it is left out, what it contains. -->

  <!-- The same words as recordRef in register.yaml. -->
  <xsl:function name="f:ref" as="xs:string">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:sequence select="string($attainment/virta:Myontaja) || '/' || $attainment/@avain"/>
  </xsl:function>

  <xsl:function name="f:skip-rule" as="xs:string">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:sequence select="$attainment ! (
        if (not(. is key('attainment', f:ref(.))[1])) then 'duplicate-record'
        else if (f:kind(.)/@skip) then string(f:kind(.)/@skip)
        else if (key('row', 'foreign-issuers|' || virta:Myontaja, $tables)) then 'foreign-issuer'
        else if (virta:HyvaksilukuPvm and f:recognised(.)/@skip) then string(f:recognised(.)/@skip)
        else if (f:at-successor(.)) then 'duplicate-at-predecessor'
        else if (virta:Arvosana/* ! f:failing(.)) then 'failing-grade'
        else '')"/>
  </xsl:function>

  <xsl:function name="f:kind" as="element(row)">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:sequence select="f:row('attainment-kinds', normalize-space($attainment/virta:Laji))"/>
  </xsl:function>

  <!-- Only an institution's code, five digits, names who could issue the credits: 41, 99, UK or Muu name a kind of source. -->
  <xsl:function name="f:recognised" as="element(row)">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:sequence select="f:row('recognised-credits',
        if ($attainment/virta:Organisaatio[normalize-space(virta:Rooli) = '3']
            [matches(normalize-space(virta:Koodi), '^[0-9]{5}$')]
            [normalize-space(virta:Koodi) != string($attainment/virta:Myontaja)])
        then 'source-named' else 'source-not-named')"/>
  </xsl:function>

  <xsl:function name="f:at-successor" as="xs:boolean">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:variable name="successor" select="f:row('issuers', string($attainment/virta:Myontaja))/@successor"/>
    <xsl:sequence select="exists($successor) and exists(
        key('attainment', $successor || '/' || $attainment/@avain, root($attainment))
            [@koulutusmoduulitunniste = $attainment/@koulutusmoduulitunniste]
            [normalize-space(virta:SuoritusPvm) = normalize-space($attainment/virta:SuoritusPvm)])"/>
  </xsl:function>

  <xsl:function name="f:part" as="element(virta:Opintosuoritus)?">
    <xsl:param name="containment" as="element(virta:Sisaltyvyys)"/>
    <xsl:sequence select="key('attainment', string($containment/../virta:Myontaja) || '/'
        || $containment/@sisaltyvaOpintosuoritusAvain, root($containment))[1]"/>
  </xsl:function>

  <!-- Attainments form a graph, ELMO holds a tree: each stands under one parent, the nearest one, once. -->
  <xsl:function name="f:parents" as="map(xs:string, element())">
    <xsl:param name="mapped" as="element(virta:Opintosuoritus)*"/>
    <xsl:param name="rules" as="map(xs:string, xs:string)"/>
    <xsl:variable name="nearest" as="map(xs:string, element())">
      <xsl:map>
        <xsl:for-each select="$mapped">
          <xsl:variable name="containers" select="f:containers(., $rules)"/>
          <!-- Nearer than another is what stands, by way of any path, inside of it. -->
          <xsl:variable name="near" select="if (count($containers) le 1) then $containers
              else $containers except ($containers ! (f:above(., (), 1) except .))"/>
          <xsl:if test="exists($containers)">
            <xsl:map-entry key="generate-id()" select="($near, $containers)[1]"/>
          </xsl:if>
        </xsl:for-each>
      </xsl:map>
    </xsl:variable>
    <!-- A circle has no top: its first record becomes one. -->
    <xsl:sequence select="map:remove($nearest, $mapped[let $line := f:line(., $nearest, ())
        return exists($line intersect .) and . is $line[1]] ! generate-id())"/>
  </xsl:function>

  <!-- The mapped records that name a record as their part. -->
  <xsl:function name="f:containers" as="element(virta:Opintosuoritus)*">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:param name="rules" as="map(xs:string, xs:string)"/>
    <xsl:sequence select="key('container', f:ref($attainment), root($attainment))[$rules(generate-id()) = '']
        except $attainment"/>
  </xsl:function>

  <!-- All that contains a record, by way of any path. -->
  <xsl:function name="f:above" as="element(virta:Opintosuoritus)*">
    <xsl:param name="attainments" as="element(virta:Opintosuoritus)*"/>
    <xsl:param name="seen" as="element(virta:Opintosuoritus)*"/>
    <xsl:param name="level" as="xs:integer"/>
    <xsl:variable name="new" select="($attainments/key('container', f:ref(.))) except $seen"/>
    <xsl:sequence select="if (empty($new)) then $seen
        else if ($level gt $deepest) then f:stop('answer_unreadable', 'attainments are nested too deeply')
        else f:above($new, $seen | $new, $level + 1)"/>
  </xsl:function>

  <!-- All that is contained in a record, by way of any path. -->
  <xsl:function name="f:below" as="element(virta:Opintosuoritus)*">
    <xsl:param name="attainments" as="element(virta:Opintosuoritus)*"/>
    <xsl:param name="seen" as="element(virta:Opintosuoritus)*"/>
    <xsl:param name="level" as="xs:integer"/>
    <xsl:variable name="new" select="($attainments/virta:Sisaltyvyys/f:part(.)) except $seen"/>
    <xsl:sequence select="if (empty($new)) then $seen
        else if ($level gt $deepest) then f:stop('answer_unreadable', 'attainments are nested too deeply')
        else f:below($new, $seen | $new, $level + 1)"/>
  </xsl:function>

  <!-- All parents above a record; in a circle the record itself is among them. -->
  <xsl:function name="f:line" as="element(virta:Opintosuoritus)*">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:param name="parents" as="map(xs:string, element())"/>
    <xsl:param name="seen" as="element(virta:Opintosuoritus)*"/>
    <xsl:variable name="parent" select="$parents(generate-id($attainment)) except $seen"/>
    <xsl:sequence select="if (empty($parent)) then $seen
        else if (count($seen) gt $deepest) then f:stop('answer_unreadable', 'attainments are nested too deeply')
        else f:line($parent, $parents, $seen | $parent)"/>
  </xsl:function>

  <!-- The parts in the order in which their parent names them. -->
  <xsl:function name="f:in-order" as="element(virta:Opintosuoritus)*">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:param name="parts" as="element(virta:Opintosuoritus)*"/>
    <xsl:variable name="places" as="map(xs:string, xs:integer)" select="map:merge(
        $attainment/virta:Sisaltyvyys ! map:entry(string(@sisaltyvaOpintosuoritusAvain), position()))"/>
    <xsl:sequence select="sort($parts, (), function($part) { $places(string($part/@avain)) })"/>
  </xsl:function>

  <!-- A course stays one where its only parts are of a kind that is never transferred. -->
  <xsl:function name="f:type" as="xs:string">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:variable name="parts" select="$attainment/virta:Sisaltyvyys[not(f:part(.)/f:kind(.)/@skip)]"/>
    <xsl:sequence select="string((f:kind($attainment)/@type-with-parts[exists($parts)], f:kind($attainment)/@type)[1])"/>
  </xsl:function>

  <xsl:function name="f:study-right" as="element(virta:Opiskeluoikeus)?">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:sequence select="$attainment/@opiskeluoikeusAvain ! key('study-right',
        string(../virta:Myontaja) || '/' || ., root($attainment))[1]"/>
  </xsl:function>

  <!-- Credits -->

  <xsl:function name="f:credits" as="xs:decimal">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:sequence select="f:decimal($attainment/virta:Laajuus/virta:Opintopiste)"/>
  </xsl:function>

  <!-- The lowest level that has credits bears them: on one path, and for all records that contain one another. -->
  <xsl:function name="f:bears-credits" as="xs:boolean">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:param name="rules" as="map(xs:string, xs:string)"/>
    <xsl:param name="parents" as="map(xs:string, element())"/>
    <xsl:sequence select="f:credits($attainment) gt 0
        and empty(f:contained($attainment, $rules, $parents)[f:credits(.) gt 0])"/>
  </xsl:function>

  <!-- The sum of the credits that the document states for what a record contains, wherever that stands. -->
  <xsl:function name="f:credits-below" as="xs:decimal">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:param name="rules" as="map(xs:string, xs:string)"/>
    <xsl:param name="parents" as="map(xs:string, element())"/>
    <xsl:sequence select="sum(f:contained($attainment, $rules, $parents)[f:bears-credits(., $rules, $parents)]
        ! f:credits(.), 0.0)"/>
  </xsl:function>

  <!-- The mapped records that a record contains; in a circle not those that stand above it. -->
  <xsl:function name="f:contained" as="element(virta:Opintosuoritus)*">
    <xsl:param name="attainment" as="element(virta:Opintosuoritus)"/>
    <xsl:param name="rules" as="map(xs:string, xs:string)"/>
    <xsl:param name="parents" as="map(xs:string, element())"/>
    <xsl:sequence select="f:below($attainment, (), 1)[$rules(generate-id()) = '']
        except ($attainment, f:line($attainment, $parents, ()))"/>
  </xsl:function>

  <!-- Grades -->

  <xsl:function name="f:scale-id" as="xs:string">
    <xsl:param name="grade" as="element()"/>
    <xsl:variable name="scale" select="f:row('grade-scales', local-name($grade))"/>
    <xsl:sequence select="if ($scale/@local) then 'local-' || normalize-space($grade/virta:Asteikko/@avain)
        else string($scale/@id)"/>
  </xsl:function>

  <!-- What the document shows as the grade; empty where the register gives none. -->
  <xsl:function name="f:label" as="xs:string">
    <xsl:param name="grade" as="element()"/>
    <xsl:sequence select="if (f:row('grade-scales', local-name($grade))/@local)
        then string((f:local-grade($grade)/(virta:Koodi, virta:Nimi)[normalize-space()])[1] ! normalize-space())
        else string(f:row('grades', local-name($grade) || '/' || normalize-space($grade))/@label)"/>
  </xsl:function>

  <xsl:function name="f:failing" as="xs:boolean">
    <xsl:param name="grade" as="element()"/>
    <xsl:sequence select="if (f:row('grade-scales', local-name($grade))/@local)
        then exists(f:local-grade($grade)/(virta:Koodi, virta:Nimi)
            ! key('row', 'failing-grades|' || lower-case(normalize-space()), $tables))
        else exists(f:row('grades', local-name($grade) || '/' || normalize-space($grade))/@skip)"/>
  </xsl:function>

  <!-- Muu/Koodi is the avain of the chosen grade of the institution's scale, not that grade's own Koodi. -->
  <xsl:function name="f:local-grade" as="element(virta:AsteikkoArvosana)?">
    <xsl:param name="grade" as="element(virta:Muu)"/>
    <xsl:sequence select="$grade/virta:Asteikko/virta:AsteikkoArvosana
        [normalize-space(@avain) = normalize-space($grade/virta:Koodi)][1]"/>
  </xsl:function>

  <!-- People -->

  <xsl:function name="f:named" as="element(virta:Opiskelija)*">
    <xsl:param name="persons" as="element(virta:Opiskelija)*"/>
    <xsl:sequence select="$persons[normalize-space(virta:Sukunimi) and normalize-space(virta:Etunimet)]"/>
  </xsl:function>

  <xsl:function name="f:name-of" as="xs:string">
    <xsl:param name="person" as="element(virta:Opiskelija)"/>
    <xsl:sequence select="normalize-space($person/virta:Sukunimi) || ', ' || normalize-space($person/virta:Etunimet)"/>
  </xsl:function>

  <xsl:function name="f:citizenships" as="xs:string*">
    <xsl:param name="persons" as="element(virta:Opiskelija)*"/>
    <xsl:sequence select="distinct-values($persons/virta:Kansalaisuus
        [empty(key('row', 'former-countries|' || normalize-space(), $tables))] ! shared:country-of-number(.))"/>
  </xsl:function>

  <xsl:function name="f:birth-dates" as="xs:string*">
    <xsl:param name="persons" as="element(virta:Opiskelija)*"/>
    <xsl:sequence select="distinct-values($persons/virta:Henkilotunnus ! f:birth-date(.))"/>
  </xsl:function>

  <!-- ddmmyy and a sign for the century; since 2023 there are more signs than three. -->
  <xsl:function name="f:birth-date" as="xs:string?">
    <xsl:param name="identity-code" as="xs:string"/>
    <xsl:variable name="code" select="upper-case(normalize-space($identity-code))"/>
    <xsl:variable name="century" select="key('row', 'century-signs|' || substring($code, 7, 1), $tables)/@century"/>
    <xsl:variable name="date" select="$century || substring($code, 5, 2) || '-' || substring($code, 3, 2) || '-'
        || substring($code, 1, 2)"/>
    <xsl:sequence select="if (exists($century) and $date castable as xs:date) then $date else ()"/>
  </xsl:function>

  <!-- Values -->

  <xsl:function name="f:decimal" as="xs:decimal">
    <xsl:param name="number" as="element()?"/>
    <xsl:variable name="text" select="normalize-space($number)"/>
    <xsl:sequence select="if ($text = '') then 0.0
        else if ($text castable as xs:decimal) then xs:decimal($text)
        else f:stop('answer_unreadable', local-name($number) || ' is no number')"/>
  </xsl:function>

  <xsl:function name="f:date" as="xs:string?">
    <xsl:param name="date" as="element()?"/>
    <!-- A date may carry a zone, which is of no interest. -->
    <xsl:variable name="text" select="substring(normalize-space($date), 1, 10)"/>
    <xsl:sequence select="if ($text = ('', $open-end)) then ()
        else if ($text castable as xs:date) then $text
        else f:stop('answer_unreadable', local-name($date) || ' is no date')"/>
  </xsl:function>

  <!-- A code of ISO 639-1, or empty where VIRTA names no single language. -->
  <xsl:function name="f:language" as="xs:string">
    <xsl:param name="language" as="node()?"/>
    <xsl:variable name="code" select="lower-case(normalize-space($language))"/>
    <xsl:variable name="iso" select="shared:language($code)"/>
    <xsl:sequence select="if ($code = '') then $code
        else if (exists($iso)) then $iso
        else string(f:row('languages', $code)/@iso)"/>
  </xsl:function>

  <!-- The one place that reads a row it needs: a code without row stops the mapping. -->
  <xsl:function name="f:row" as="element(row)">
    <xsl:param name="table" as="xs:string"/>
    <xsl:param name="code" as="xs:string"/>
    <xsl:variable name="row" select="key('row', $table || '|' || $code, $tables)"/>
    <xsl:sequence select="if ($row) then $row
        else f:stop('unknown_code', 'table ''' || $table || ''' has no row for code ''' || $code || '''')"/>
  </xsl:function>

  <xsl:function name="f:finding" as="element(hub:finding)">
    <xsl:param name="attainment" as="element()?"/>
    <xsl:param name="rule" as="xs:string"/>
    <hub:finding>
      <xsl:if test="$attainment">
        <xsl:attribute name="ref" select="f:ref($attainment)"/>
      </xsl:if>
      <xsl:attribute name="rule" select="$rule"/>
      <xsl:attribute name="severity" select="f:row('finding-rules', $rule)/@severity"/>
    </hub:finding>
  </xsl:function>

  <!-- Stops the mapping with a code of the hub. The text names places and codes, never a record. -->
  <xsl:function name="f:stop" as="item()*">
    <xsl:param name="code" as="xs:string"/>
    <xsl:param name="text" as="xs:string"/>
    <xsl:message terminate="yes" error-code="{$code}">{$text}</xsl:message>
  </xsl:function>

</xsl:stylesheet>
