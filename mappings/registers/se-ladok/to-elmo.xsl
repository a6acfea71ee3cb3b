<?xml version="1.0" encoding="UTF-8"?>
<!--
  Ladok's answers about one student, in the XML form of JSON, to ELMO 1.7: a completed course is a Course with its
  credits, its modules are Classes below without. Owner: the hub; an institution changes code-tables.xml.
-->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:f="urn:emrexhub:functions:1"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:param name="today" as="xs:string"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>
  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key = 'answers']/j:map"/>
  <xsl:variable name="student" as="element(j:map)?" select="f:answer('student')"/>
  <xsl:variable name="results" as="element(j:map)*" select="f:answer('results')/j:array[@key = 'Resultat']/j:map"/>
  <xsl:variable name="scales" as="element(j:map)*" select="f:answer('scales')/j:array[@key = 'Betygsskala']/j:map"/>

  <xsl:mode name="los" on-no-match="fail"/>

  <xsl:template match="/">
    <xsl:call-template name="check-answers"/>
    <xsl:variable name="kept" select="$results[empty(f:skip-rule(.))]"/>
    <xsl:variable name="courses" select="$kept[not(f:is-module(.))]"/>
    <hub:result>
      <xsl:apply-templates mode="learner" select="$student"/>
      <xsl:if test="exists($courses)">
        <report>
          <xsl:call-template name="issuer"/>
          <xsl:apply-templates mode="los" select="$courses"/>
          <issueDate>{$today}T00:00:00Z</issueDate>
          <xsl:call-template name="grading-schemes">
            <xsl:with-param name="ids" select="distinct-values($kept ! f:scale-id(.))"/>
          </xsl:call-template>
        </report>
      </xsl:if>
      <!-- Counted on the way down the tree, so that a result that never got into it is missed by the hub. -->
      <xsl:for-each select="$courses ! (., f:modules(.))">
        <hub:mapped ref="{f:text(., 'Uid')}"/>
      </xsl:for-each>
      <xsl:for-each select="$results except $kept">
        <hub:skipped ref="{f:text(., 'Uid')}" rule="{f:skip-rule(.)}"/>
      </xsl:for-each>
      <xsl:for-each select="$kept">
        <xsl:call-template name="findings"/>
      </xsl:for-each>
    </hub:result>
  </xsl:template>

  <!-- An answer of another shape, such as an error with status 200, would otherwise count as no results. -->
  <xsl:template name="check-answers">
    <xsl:if test="empty(f:text($student, 'Uid'))">
      <xsl:sequence select="f:unreadable('there is no answer about the student')"/>
    </xsl:if>
    <xsl:if test="not(f:all-have('results', 'Resultat'))">
      <xsl:sequence select="f:unreadable('an answer about results has no list Resultat')"/>
    </xsl:if>
    <xsl:if test="not(f:all-have('scales', 'Betygsskala'))">
      <xsl:sequence select="f:unreadable('an answer about grade scales has no list Betygsskala')"/>
    </xsl:if>
    <xsl:for-each select="('Uid', 'UtbildningsinstansUID', 'KursinstansUID')">
      <xsl:variable name="field" select="."/>
      <xsl:if test="exists($results[empty(f:text(., $field))])">
        <xsl:sequence select="f:unreadable('a result has no ' || $field)"/>
      </xsl:if>
    </xsl:for-each>
    <xsl:if test="exists($results ! f:text(f:attested(.), 'Examinationsdatum')[not(f:is-date(.))])">
      <xsl:sequence select="f:unreadable('Examinationsdatum is no date')"/>
    </xsl:if>
    <xsl:if test="exists(f:text($student, 'Fodelsedata')[not(f:is-date(.))])">
      <xsl:sequence select="f:unreadable('Fodelsedata is no date')"/>
    </xsl:if>
  </xsl:template>

  <!-- Of a result that is mapped. -->
  <xsl:template name="findings">
    <xsl:variable name="rules" as="xs:string*">
      <xsl:if test="empty(j:map[@key = 'Benamning']/j:string[. ne ''])">title-missing</xsl:if>
      <xsl:if test="empty(f:text(f:attested(.), 'Examinationsdatum'))">date-missing</xsl:if>
      <xsl:if test="not(f:is-module(.)) and empty(f:credits(.))">credits-missing</xsl:if>
    </xsl:variable>
    <xsl:variable name="ref" select="f:text(., 'Uid')"/>
    <xsl:for-each select="$rules">
      <hub:finding ref="{$ref}" rule="{.}" severity="warning"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template mode="learner" match="j:map">
    <hub:learner>
      <xsl:for-each select="f:text(., 'Personnummer')">
        <hub:identifier type="nationalIdentifier">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'ExterntUID')">
        <hub:identifier type="nationalLearnerId">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'Fornamn')">
        <hub:givenNames>{.}</hub:givenNames>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'Efternamn')">
        <hub:familyName>{.}</hub:familyName>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'Fodelsedata')">
        <hub:bday>{.}</hub:bday>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'KonID')">
        <hub:gender>{f:row($tables, 'genders', .)/@gender}</hub:gender>
      </xsl:for-each>
    </hub:learner>
  </xsl:template>

  <xsl:template name="issuer">
    <xsl:variable name="row" select="f:row($tables, 'issuers', f:text($student, 'LarosateID'))"/>
    <issuer>
      <country>SE</country>
      <identifier type="schac">{$row/@schac}</identifier>
      <title xml:lang="sv">{$row/@sv}</title>
      <title xml:lang="en">{$row/@en}</title>
      <url>{$row/@url}</url>
    </issuer>
  </xsl:template>

  <xsl:template mode="los" match="j:map">
    <xsl:variable name="attested" select="f:attested(.)"/>
    <xsl:variable name="module" select="f:is-module(.)"/>
    <learningOpportunitySpecification>
      <identifier type="local">{if ($module) then f:text(., 'UtbildningsinstansUID') else f:text(., 'Utbildningskod')}</identifier>
      <xsl:for-each select="('sv', 'en')">
        <xsl:variable name="language" select="."/>
        <xsl:for-each select="f:text($attested/../j:map[@key = 'Benamning'], $language)">
          <title xml:lang="{$language}">{.}</title>
        </xsl:for-each>
      </xsl:for-each>
      <xsl:if test="empty(j:map[@key = 'Benamning']/j:string[. ne ''])">
        <title>{f:text(., 'Utbildningskod')}</title>
      </xsl:if>
      <type>{if ($module) then 'Class' else 'Course'}</type>
      <xsl:for-each select="('sv'[f:text($attested/../j:map[@key = 'Projekttitel'], 'Titel')], 'en'[f:text($attested/../j:map[@key = 'Projekttitel'], 'AlternativTitel')])">
        <description xml:lang="{.}">{f:text($attested/../j:map[@key = 'Projekttitel'], if (. = 'sv') then 'Titel' else 'AlternativTitel')}</description>
      </xsl:for-each>
      <specifies>
        <learningOpportunityInstance>
          <identifier type="local">{f:text(., 'Uid')}</identifier>
          <xsl:for-each select="f:text($attested, 'Examinationsdatum')">
            <date>{.}</date>
          </xsl:for-each>
          <status>passed</status>
          <gradingSchemeLocalId>betygsskala-{f:scale-id(.)}</gradingSchemeLocalId>
          <resultLabel>{f:text(f:grade(.), 'Kod')}</resultLabel>
          <xsl:for-each select="f:credits(.)[not($module)]">
            <credit>
              <scheme>ects</scheme>
              <value>{.}</value>
            </credit>
          </xsl:for-each>
        </learningOpportunityInstance>
      </specifies>
      <xsl:for-each select="f:modules(.)">
        <hasPart>
          <xsl:apply-templates mode="los" select="."/>
        </hasPart>
      </xsl:for-each>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template name="grading-schemes">
    <xsl:param name="ids" as="xs:string*"/>
    <xsl:for-each select="$ids">
      <xsl:variable name="scale" select="$scales[f:text(., 'ID') = current()]"/>
      <gradingScheme localId="betygsskala-{.}">
        <xsl:for-each select="('sv', 'en')[exists(f:text($scale/j:map[@key = 'Benamning'], .))]">
          <description xml:lang="{.}">{f:text($scale/j:map[@key = 'Benamning'], .)}: {string-join($scale/j:array[@key = 'Betygsgrad']/j:map ! f:text(., 'Kod'), ', ')}</description>
        </xsl:for-each>
        <xsl:if test="empty($scale/j:map[@key = 'Benamning']/j:string)">
          <description>{f:text($scale, 'Kod')}</description>
        </xsl:if>
      </gradingScheme>
    </xsl:for-each>
  </xsl:template>

  <xsl:function name="f:answer" as="element(j:map)*">
    <xsl:param name="question" as="xs:string"/>
    <xsl:sequence select="$answers[j:string[@key = 'question'] = $question]/j:map[@key = 'answer']"/>
  </xsl:function>

  <!-- Whether a question was answered, every page of it with the list that it is about. -->
  <xsl:function name="f:all-have" as="xs:boolean">
    <xsl:param name="question" as="xs:string"/>
    <xsl:param name="list" as="xs:string"/>
    <xsl:variable name="pages" select="$answers[j:string[@key = 'question'] = $question]"/>
    <xsl:sequence select="exists($pages)
        and (every $page in $pages satisfies exists($page/j:map[@key = 'answer']/j:array[@key = $list][empty(* except j:map)]))"/>
  </xsl:function>

  <xsl:function name="f:unreadable" as="xs:string?">
    <xsl:param name="fault" as="xs:string"/>
    <xsl:message terminate="yes" error-code="answer_unreadable">{$fault}</xsl:message>
  </xsl:function>

  <!-- A field's text; null and empty are none. -->
  <xsl:function name="f:text" as="xs:string?">
    <xsl:param name="map" as="element(j:map)*"/>
    <xsl:param name="name" as="xs:string"/>
    <xsl:sequence select="($map/(j:string | j:number)[@key = $name] ! normalize-space(.)[. ne ''])[1]"/>
  </xsl:function>

  <xsl:function name="f:attested" as="element(j:map)?">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="$result/j:map[@key = 'SenastAttesteradeResultat']"/>
  </xsl:function>

  <!-- INFERRED: a result on the whole course names the course's own instance, a result on a module another one. -->
  <xsl:function name="f:is-module" as="xs:boolean">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="f:text($result, 'UtbildningsinstansUID') ne f:text($result, 'KursinstansUID')"/>
  </xsl:function>

  <xsl:function name="f:scale-id" as="xs:string">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="string((f:text(f:attested($result), 'BetygsskalaID'), f:text($result, 'BetygsskalaID'))[1])"/>
  </xsl:function>

  <!-- The grade in Ladok's catalogue; its ids differ from one environment to another, so none stands in a table. -->
  <xsl:function name="f:grade" as="element(j:map)">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:variable name="id" select="f:text(f:attested($result)/j:map[@key = 'Betygsgradsobjekt'], 'ID')"/>
    <xsl:variable name="grade" select="$scales[f:text(., 'ID') = f:scale-id($result)]/j:array[@key = 'Betygsgrad']/j:map[f:text(., 'ID') = $id]"/>
    <xsl:if test="count($grade) ne 1">
      <xsl:message terminate="yes" error-code="unknown_code">Ladok's catalogue 'Betygsskala' has no row for code '{f:scale-id($result)}/{$id}'</xsl:message>
    </xsl:if>
    <xsl:sequence select="$grade"/>
  </xsl:function>

  <!-- INFERRED: what is no valid final grade (GiltigSomSlutbetyg) is no pass. -->
  <xsl:function name="f:is-passed" as="xs:boolean">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="f:grade($result)/j:boolean[@key = 'GiltigSomSlutbetyg'] = 'true'"/>
  </xsl:function>

  <!-- Passed and attested, whatever becomes of it. -->
  <xsl:function name="f:counts" as="xs:boolean">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="not($result/j:boolean[@key = 'HarTillgodoraknande'] = 'true')
        and exists(f:attested($result)) and f:is-passed($result)"/>
  </xsl:function>

  <xsl:function name="f:is-replaced" as="xs:boolean">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:variable name="date" select="string(f:text(f:attested($result), 'Examinationsdatum'))"/>
    <xsl:sequence select="exists($results[f:text(., 'UtbildningsinstansUID') = f:text($result, 'UtbildningsinstansUID')]
        [f:counts(.)][not(. is $result)]
        [string(f:text(f:attested(.), 'Examinationsdatum')) gt $date
          or (string(f:text(f:attested(.), 'Examinationsdatum')) = $date and . &gt;&gt; $result)])"/>
  </xsl:function>

  <xsl:function name="f:course" as="element(j:map)?">
    <xsl:param name="module" as="element(j:map)"/>
    <xsl:sequence select="$results[not(f:is-module(.))][f:text(., 'KursinstansUID') = f:text($module, 'KursinstansUID')]
        [f:counts(.)][not(f:is-replaced(.))]"/>
  </xsl:function>

  <xsl:function name="f:modules" as="element(j:map)*">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:sequence select="if (f:is-module($course)) then () else
        $results[f:is-module(.)][f:text(., 'KursinstansUID') = f:text($course, 'KursinstansUID')][empty(f:skip-rule(.))]"/>
  </xsl:function>

  <xsl:function name="f:skip-rule" as="xs:string?">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="
        if ($result/j:boolean[@key = 'HarTillgodoraknande'] = 'true') then 'recognised-credits'
        else if (empty(f:attested($result))) then 'not-attested'
        else if (not(f:is-passed($result))) then 'not-passed'
        else if (f:is-replaced($result)) then 'replaced-by-later-result'
        else 'course-not-completed'[f:is-module($result) and empty(f:course($result))]"/>
  </xsl:function>

  <!-- Högskolepoäng are ECTS credits one to one. -->
  <xsl:function name="f:credits" as="xs:string?">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:variable name="points" select="f:text($result, 'Omfattning')"/>
    <xsl:if test="exists($points) and not($points castable as xs:decimal)">
      <xsl:sequence select="f:unreadable('Omfattning is no decimal number')"/>
    </xsl:if>
    <xsl:sequence select="$points ! f:decimal(.)"/>
  </xsl:function>
</xsl:stylesheet>
